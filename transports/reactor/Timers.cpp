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
    link(timed, timed.tick_ % kSlots);
}

void Timers::link(Timed& timed, std::size_t slot) noexcept {
    timed.slot_ = slot;
    timed.next_ = slots_[slot];
    timed.previous_ = nullptr;
    if (timed.next_ != nullptr) {
        timed.next_->previous_ = &timed;
    }
    slots_[slot] = &timed;
    if (slot != kDue) {
        used_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    }
}

void Timers::cancel(Timed& timed) noexcept {
    if (timed.tick_ == 0) {
        return;
    }
    const std::size_t slot = timed.slot_;
    if (timed.next_ != nullptr) {
        timed.next_->previous_ = timed.previous_;
    }
    if (timed.previous_ != nullptr) {
        timed.previous_->next_ = timed.next_;
    } else {
        slots_[slot] = timed.next_;
        if (slots_[slot] == nullptr && slot != kDue) {
            used_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
        }
    }
    timed.tick_ = 0;
}

void Timers::advance(Clock::time_point now, std::size_t most) {
    const std::uint64_t target =
        now <= start_ ? 0 : static_cast<std::uint64_t>((now - start_) / kTick);
    if (target > current_) {
        // A gap longer than the wheel visits each slot once.
        const std::uint64_t first = target - current_ > kSlots ? target - kSlots : current_;
        current_ = target;
        for (std::uint64_t tick = first + 1; tick <= target; ++tick) {
            collect(tick % kSlots);
        }
    }
    // A callback may schedule anything, itself and others that are due included.
    for (; most > 0 && slots_[kDue] != nullptr; --most) {
        Timed& timed = *slots_[kDue];
        cancel(timed);
        schedule(timed, timed.onTimer(now));
    }
}

void Timers::collect(std::size_t slot) noexcept {
    for (Timed* timed = slots_[slot]; timed != nullptr;) {
        Timed* next = timed->next_;
        if (timed->tick_ <= current_) {
            cancel(*timed);
            timed->tick_ = current_;
            link(*timed, kDue);
        }
        timed = next;
    }
}

std::chrono::nanoseconds Timers::untilNext(Clock::time_point now) const noexcept {
    if (slots_[kDue] != nullptr) {
        return std::chrono::nanoseconds{0};
    }
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
