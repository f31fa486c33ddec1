// Group: publishers and the receivers of what they publish; keeps the publishers from running
// further ahead than a window, so that no receiver becomes a slow consumer.
//
// Threads: any; a setReceived() slot belongs to one receiver. Counts are atomics, one cache line
// each, touched once per read or claim and not per message.
// Lifetime: outlives the loops that use it. Pollers and counts are set up before threads start.

#pragma once

#include "tests/bench/Poller.h"
#include "tests/bench/RunState.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <vector>

namespace gnatsd::bench {

/// Every receiver gets every message, or the receivers share them (a queue group).
enum class Delivery { all, shared };

class Group {
public:
    /// `window`: messages that may be on their way to the slowest receiver.
    Group(Delivery delivery, std::size_t receivers, std::uint64_t window, RunState& state);

    /// Who to wake when there is room again.
    void addPublisherLoop(Poller& poller) { publisherLoops_.push_back(&poller); }

    /// Reserves up to `wanted` messages for sending; 0 when the window is full.
    std::uint64_t claim(std::uint64_t wanted);

    /// Gives back what was claimed and not sent.
    void giveBack(std::uint64_t unused) { claimed_.count.fetch_sub(unused); }

    /// Asks for a wake-up once half of the window is free; false when it is free already.
    bool wakeWhenRoom();

    /// A receiver tells how many messages it has by now.
    void setReceived(std::size_t receiver, std::uint64_t count);

    std::uint64_t received(std::size_t receiver) const { return received_[receiver].count.load(); }

    /// What the slowest receiver has, or all together when they share.
    std::uint64_t progress() const;

    /// RunState rings when progress() gets here.
    void setTarget(std::uint64_t target) { target_.store(target); }

    std::size_t receivers() const { return received_.size(); }
    Delivery delivery() const { return delivery_; }

private:
    struct alignas(64) Count {
        std::atomic<std::uint64_t> count{0};
    };

    void wakePublishers();

    // Changes with each claim; the others are read with each receive call.
    Count claimed_;
    const std::uint64_t window_;
    RunState& state_;
    std::atomic<std::uint64_t> target_{std::numeric_limits<std::uint64_t>::max()};
    std::atomic<std::uint64_t> wakeAt_{0};
    std::vector<Poller*> publisherLoops_;
    std::vector<Count> received_;
    const Delivery delivery_;
    std::atomic<bool> waiting_{false};
};

}  // namespace gnatsd::bench
