#include "transports/reactor/Timers.h"

#include <algorithm>
#include <bit>

namespace gnatsd::reactor {

std::uint64_t Timers::tickOf(Clock::time_point when) const noexcept {
    if (when <= start_) {
        return 1;
    }
    return static_cast<std::uint64_t>((when - start_) / kTick) + 1;
}

void Timers::schedule(Timed& timed, Clock::time_point when) {
    cancel(timed);
    if (when == Clock::time_point::max()) {
        return;
    }
    timed.tick_ = std::max(tickOf(when), current_ + 1);
    const std::size_t slot = timed.tick_ % kSlots;
    timed.next_ = slots_[slot];
    timed.previous_ = nullptr;
    if (timed.next_ != nullptr) {
        timed.next_->previous_ = &timed;
    }
    slots_[slot] = &timed;
    used_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void Timers::cancel(Timed& timed) noexcept {
    if (timed.tick_ == 0) {
        return;
    }
    const std::size_t slot = timed.tick_ % kSlots;
    if (timed.next_ != nullptr) {
        timed.next_->previous_ = timed.previous_;
    }
    if (timed.previous_ != nullptr) {
        timed.previous_->next_ = timed.next_;
    } else {
        slots_[slot] = timed.next_;
        if (slots_[slot] == nullptr) {
            used_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
        }
    }
    timed.tick_ = 0;
}

void Timers::advance(Clock::time_point now) {
    const std::uint64_t target =
        now <= start_ ? 0 : static_cast<std::uint64_t>((now - start_) / kTick);
    if (target <= current_) {
        return;
    }
    // A gap longer than the wheel visits each slot once.
    const std::uint64_t first = target - current_ > kSlots ? target - kSlots : current_;
    current_ = target;
    for (std::uint64_t tick = first + 1; tick <= target; ++tick) {
        strike(tick % kSlots, now);
    }
}

void Timers::strike(std::size_t slot, Clock::time_point now) {
    // Take the due ones out first: a callback may schedule anything, itself included.
    for (Timed* timed = slots_[slot]; timed != nullptr;) {
        Timed* next = timed->next_;
        if (timed->tick_ <= current_) {
            cancel(*timed);
            due_.push_back(timed);
        }
        timed = next;
    }
    for (Timed* timed : due_) {
        schedule(*timed, timed->onTimer(now));
    }
    due_.clear();
}

std::chrono::nanoseconds Timers::untilNext(Clock::time_point now) const noexcept {
    const std::size_t from = (current_ + 1) % kSlots;
    for (std::size_t i = 0; i <= used_.size(); ++i) {
        const std::size_t word = (from / 64 + i) % used_.size();
        std::uint64_t bits = used_[word];
        if (i == 0) {
            bits &= ~std::uint64_t{0} << (from % 64);
        }
        if (bits != 0) {
            const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            const std::uint64_t tick = current_ + 1 + (slot + kSlots - from) % kSlots;
            const Clock::time_point when = start_ + kTick * static_cast<std::int64_t>(tick);
            return std::max(std::chrono::nanoseconds{0}, std::chrono::nanoseconds(when - now));
        }
    }
    return std::chrono::nanoseconds{-1};
}

}  // namespace gnatsd::reactor
