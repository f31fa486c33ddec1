// Health: whether the service can be reached. When it cannot, calls fail at once for a while
// instead of each waiting for its time limit.
//
// Threads: any; the lock is a leaf.

#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

namespace gnatsd::callout {

class Health {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::milliseconds kPause{1000};

    /// After `most` failures in a row the service counts as down.
    explicit Health(std::size_t most) : most_(most) {}

    bool mayCall(Clock::time_point now) const {
        const std::scoped_lock lock(mutex_);
        return now >= downUntil_;
    }

    /// It answered, whatever it was.
    void answered() {
        const std::scoped_lock lock(mutex_);
        failures_ = 0;
        downUntil_ = {};
    }

    void failed(Clock::time_point now) {
        const std::scoped_lock lock(mutex_);
        if (++failures_ >= most_) {
            downUntil_ = now + kPause;
        }
    }

private:
    const std::size_t most_;
    mutable std::mutex mutex_;
    std::size_t failures_ = 0;
    Clock::time_point downUntil_{};
};

}  // namespace gnatsd::callout
