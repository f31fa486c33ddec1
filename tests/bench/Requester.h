// Requester: keeps some requests in flight on one connection and measures until their replies.
//
// Each slot has its own reply subject; the number in the payload tells whether a reply is the one
// that the slot waits for, so a lost, repeated or foreign reply is noticed.
// Threads: one at a time; stop() and answered() from any.

#pragma once

#include "tests/bench/Client.h"
#include "tests/bench/Histogram.h"
#include "tests/bench/Inbox.h"
#include "tests/bench/Options.h"
#include "tests/bench/Poller.h"
#include "tests/bench/Schedule.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::bench {

class Requester {
public:
    Requester(const Options& options, std::size_t number);

    /// Sends `requests` (or for `seconds`, when above 0) and waits for all replies.
    /// Throws ServerError when one does not come or is not right.
    void run(std::uint64_t requests, double seconds);

    /// Makes run() send no more; from any thread.
    void stop() { stopped_.store(true); }

    /// Empties what was measured so far.
    void forget();

    const Histogram& latency() const { return latency_; }
    const Histogram& uncorrected() const { return uncorrected_; }
    std::uint64_t answered() const { return answered_.load(); }

private:
    struct Slot {
        /// Operation, ready to send but for the number at `wordOffset_`.
        std::string frame;
        std::size_t wordOffset = 0;
        std::uint64_t number = 0;
        Clock::time_point due;
        Clock::time_point sent;
        bool busy = false;
    };

    void makeSlots(std::size_t count);
    void sendDue(Schedule& schedule, std::uint64_t& left, Clock::time_point end);
    void onReply(const Frame& frame, Clock::time_point now);
    void waitForReply(const Schedule& schedule, std::uint64_t left);

    const Options& options_;
    const std::string label_;
    const double rate_;
    Client client_;
    Inbox inbox_;
    Poller poller_;
    std::string inboxPrefix_;
    std::vector<Slot> slots_;
    std::vector<std::size_t> free_;
    std::string out_;
    std::uint64_t next_ = 0;
    Clock::time_point lastReply_;
    std::atomic<std::uint64_t> answered_{0};
    std::atomic<bool> stopped_{false};
    Histogram latency_;
    Histogram uncorrected_;
};

}  // namespace gnatsd::bench
