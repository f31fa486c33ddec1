// Options: what one run of gnatsd-bench does; from the command line or from a scenario.

#pragma once

#include "tests/bench/Endpoint.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <sys/types.h>

namespace gnatsd::bench {

enum class Mode { pub, sub, pubsub, fanout, queue, request, idle, connect, subs, match };

struct Options {
    Mode mode = Mode::pubsub;
    Endpoint server;

    std::size_t size = 128;
    /// Published or requested messages of all publishers together; connections or subscriptions of
    /// idle, connect, subs and match are `count`.
    std::uint64_t msgs = 1'000'000;
    std::uint64_t warmup = 0;
    std::uint64_t count = 10'000;
    double seconds = 0;
    double rate = 0;

    std::size_t pubs = 1;
    std::size_t subs = 1;
    std::size_t subjects = 1;
    bool pairs = false;
    bool wildcard = false;
    std::string subject = "bench";

    std::size_t inflight = 1;
    double wildcardShare = 0;
    std::size_t connections = 1;
    std::uint64_t stalled = 0;

    std::size_t writeSize = 256 * 1024;
    std::size_t readSize = 256 * 1024;
    std::uint64_t window = 0;
    std::size_t pubThreads = 1;
    std::size_t subThreads = 1;
    double timeout = 10;

    std::optional<pid_t> serverPid;
    bool countInstructions = false;
    bool json = false;
    /// Told now and then how many of how many are done; empty for silence.
    std::function<void(std::uint64_t done, std::uint64_t of)> progress;
};

const char* modeName(Mode mode);

/// Defaults of a mode; the flags change them.
Options defaultsOf(Mode mode);

/// `arguments`: the mode, flags and the server's address. Throws UsageError.
Options parseOptions(std::span<const char* const> arguments);

/// Throws UsageError when settings do not fit together.
void checkOptions(const Options& options);

std::string helpText();

}  // namespace gnatsd::bench
