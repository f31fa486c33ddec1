// Schedule: when each request of a fixed rate is due, and which latency it therefore has.
//
// A request that could not be sent in time because earlier ones were not answered has waited from
// the moment it was due: counting from there is what keeps a stalled server from hiding its stall
// behind the requests nobody sent (coordinated omission).
// Threads: one at a time.

#pragma once

#include <chrono>
#include <cstdint>

namespace gnatsd::bench {

class Schedule {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `rate`: requests a second; 0 means each is due when it is sent.
    Schedule(TimePoint start, double rate) : start_(start), rate_(rate) {}

    bool fixedRate() const { return rate_ > 0; }

    /// When the next request is due; `now` without a fixed rate.
    TimePoint nextDue(TimePoint now) const {
        if (!fixedRate()) {
            return now;
        }
        const std::chrono::duration<double> after(static_cast<double>(taken_) / rate_);
        return start_ + std::chrono::duration_cast<std::chrono::nanoseconds>(after);
    }

    /// Takes the next request's turn; answers when it was due.
    TimePoint take(TimePoint now) {
        const TimePoint due = nextDue(now);
        ++taken_;
        return due;
    }

private:
    TimePoint start_;
    double rate_;
    std::uint64_t taken_ = 0;
};

}  // namespace gnatsd::bench
