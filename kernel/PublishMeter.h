// PublishMeter: a token bucket: how long a publisher has to wait before it may go on.
//
// It keeps one point in time, the one at which the bucket would be full again.
//
// Threads: confined to its session. Cost: no clock of its own, no allocation.

#pragma once

#include "kernel/AuthGate.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace gnatsd::kernel {

class PublishMeter {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    /// Begins, or goes on, with these limits; what was spent stays spent.
    void set(const SessionLimits& limits) noexcept {
        rate_ = limits.publishRate;
        room_ = rate_ == 0 ? Duration::zero()
                           : cost(limits.publishBurst == 0 ? rate_ : limits.publishBurst);
    }

    /// Whether there is a limit at all.
    bool on() const noexcept { return rate_ != 0; }

    /// Takes the tokens of `messages`; more than there are leave a debt. Requires: on().
    void spend(std::uint32_t messages, Time now) noexcept {
        full_ = std::max(full_, now) + cost(messages);
    }

    /// How long until there is a token for one message; zero: there is one. Requires: on().
    Duration wait(Time now) const noexcept {
        return std::max(Duration::zero(), full_ + cost(1) - room_ - now);
    }

private:
    /// Rounded up, so that no rate is exceeded.
    Duration cost(std::uint64_t messages) const noexcept {
        constexpr std::uint64_t kSecond = Duration(std::chrono::seconds(1)).count();
        return Duration(static_cast<Duration::rep>((messages * kSecond + rate_ - 1) / rate_));
    }

    std::uint64_t rate_ = 0;
    Duration room_{};
    Time full_{};
};

}  // namespace gnatsd::kernel
