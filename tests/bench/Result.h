// Result: the figures of one run, and how they are shown.

#pragma once

#include "tests/bench/Histogram.h"
#include "tests/bench/ServerProbe.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gnatsd::bench {

struct Latency {
    std::uint64_t count = 0;
    double p50 = 0;
    double p90 = 0;
    double p99 = 0;
    double p999 = 0;
    double max = 0;

    /// In microseconds.
    static Latency of(const Histogram& histogram);
};

struct Result {
    std::string mode;
    std::size_t payloadSize = 0;
    std::size_t publishers = 0;
    std::size_t subscribers = 0;
    /// Messages in the measured part; requests count once.
    std::uint64_t published = 0;
    std::uint64_t delivered = 0;
    /// What the cost of a message is divided by: delivered ones where there are receivers.
    std::uint64_t units = 0;
    /// Connections or subscriptions that the growth of the server's memory is divided by.
    std::uint64_t held = 0;
    /// Connections that were made and closed again.
    std::uint64_t connected = 0;
    /// Mean bytes of a subject among those held, to be taken off a subscription's memory.
    double subjectBytes = 0;
    Usage usage;
    /// From the moment a request was due, and from the moment it was sent.
    std::optional<Latency> latency;
    std::optional<Latency> uncorrected;
    /// From the moment a connection was due until its PONG.
    std::optional<Latency> connecting;
    std::vector<std::string> problems;

    double rate() const;
    double ownMicroseconds() const;
    std::optional<double> serverMicroseconds() const;
    std::optional<double> serverInstructions() const;
    /// Growth of the server's memory per connection or subscription held.
    std::optional<double> bytesHeld() const;
};

std::string asText(const Result& result);
std::string asJson(const Result& result);

}  // namespace gnatsd::bench
