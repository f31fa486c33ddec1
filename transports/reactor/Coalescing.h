// Coalescing: how long the reads of a stream of small writes are put off.
//
// A short wait saves wake-ups and costs little time. Some senders go several times faster when it
// is longer: their congestion window (BBR's on a loopback, for one) fills, and what they write then
// leaves in large pieces. Others just wait. So both are tried in turns, for a moment, and the
// longer one is kept only where bytes come clearly faster; a trial in vain makes the next one
// rarer.
//
// Threads: confined to its connection. Pure: time and sizes come in, decisions go out.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gnatsd::reactor {

class Coalescing {
public:
    using Nanos = std::chrono::nanoseconds;

    static constexpr Nanos kShortWait{100'000};
    static constexpr Nanos kLongWait{1'000'000};

    /// The stream begins, again or for the first time: what was counted before does not matter.
    void begin(Nanos now) noexcept;

    /// Tells of `read` bytes at time `now`; answers for how long the next read should wait.
    Nanos afterRead(std::size_t read, Nanos now) noexcept;

    Nanos wait() const noexcept { return phase_ == Phase::trying ? kLongWait : kShortWait; }

private:
    enum class Phase : std::uint8_t { measuring, trying, resting };

    void enter(Phase phase, Nanos now, Nanos time) noexcept;
    void judge(Nanos now) noexcept;

    static constexpr Nanos kMeasure{4'000'000};
    static constexpr Nanos kTrial{5'000'000};
    static constexpr Nanos kFirstRest{250'000'000};
    static constexpr Nanos kLongestRest{64'000'000'000};
    static constexpr float kGain = 1.25F;

    Nanos since_{0};
    Nanos until_{0};
    Nanos rest_ = kFirstRest;
    std::uint64_t bytes_ = 0;
    float shortRate_ = 0;  // bytes a nanosecond
    Phase phase_ = Phase::measuring;
};

}  // namespace gnatsd::reactor
