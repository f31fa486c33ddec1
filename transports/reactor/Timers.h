// Timers: a wheel of coarse deadlines. A timed object carries its own place in the wheel.
//
// Threads: confined to one reactor. Cost: schedule and cancel O(1), no allocation; ticks of 100 ms,
// a deadline strikes at the end of its tick.

#pragma once

#include "kernel/Shard.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gnatsd::reactor {

using kernel::Clock;

class Timers;

class Timed {
public:
    Timed() = default;
    virtual ~Timed() = default;
    Timed(const Timed&) = delete;
    Timed& operator=(const Timed&) = delete;

    /// Answers when to be called again; Clock::time_point::max() for never.
    virtual Clock::time_point onTimer(Clock::time_point now) = 0;

private:
    friend class Timers;
    Timed* previous_ = nullptr;
    Timed* next_ = nullptr;
    std::uint64_t tick_ = 0;  // 0: not scheduled
    std::size_t slot_ = 0;
};

class Timers {
public:
    static constexpr std::chrono::milliseconds kTick{100};

    explicit Timers(Clock::time_point start) : start_(start) {}
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    /// Replaces an earlier deadline. Clock::time_point::max() cancels.
    void schedule(Timed& timed, Clock::time_point when);
    void cancel(Timed& timed) noexcept;

    /// Calls those whose deadline has passed, at most so many of them: a thousand clients that
    /// run into one deadline do not hold up all others. The rest is due at the next call.
    void advance(Clock::time_point now, std::size_t most = SIZE_MAX);

    /// How long until advance() may have work; negative: nothing is scheduled.
    std::chrono::nanoseconds untilNext(Clock::time_point now) const noexcept;

private:
    static constexpr std::size_t kSlots = 512;
    static constexpr std::size_t kDue = kSlots;  // a list of its own, behind the wheel

    std::uint64_t tickOf(Clock::time_point when) const noexcept;
    void link(Timed& timed, std::size_t slot) noexcept;
    void collect(std::size_t slot) noexcept;

    const Clock::time_point start_;
    std::uint64_t current_ = 0;  // the last tick that was looked at
    std::array<Timed*, kSlots + 1> slots_{};
    std::array<std::uint64_t, kSlots / 64> used_{};
};

}  // namespace gnatsd::reactor
