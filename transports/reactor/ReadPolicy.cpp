#include "transports/reactor/ReadPolicy.h"

#include <algorithm>

namespace gnatsd::reactor {

ReadPolicy::Nanos ReadPolicy::afterRead(std::size_t read, std::size_t produced, bool answered,
                                        Nanos now) noexcept {
    adapt(read, produced);
    const Nanos since = now - lastRead_;
    lastRead_ = now;
    const bool wasOpen = isOpen();
    // A read that was put off may come later by that, and be larger.
    const Nanos wait = wasOpen ? coalescing_.wait() : Nanos{0};
    const auto parts =
        static_cast<std::size_t>(std::max(wait / Coalescing::kShortWait, Nanos::rep{1}));
    if (answered || since > kPause || (!wasOpen && read > kSmallRead)) {
        streak_ = 0;
    } else if (since > 2 * wait + kShort || read > kLargeRead * parts) {
        hiccup();
    } else if (streak_ < kSure) {
        ++streak_;
    }
    if (!isOpen()) {
        return Nanos{0};
    }
    if (!wasOpen) {
        coalescing_.begin(now);
    }
    return coalescing_.afterRead(read, now);
}

void ReadPolicy::hiccup() noexcept {
    streak_ = static_cast<std::uint8_t>(streak_ - std::min(streak_, kHiccup));
}

void ReadPolicy::adapt(std::size_t read, std::size_t produced) noexcept {
    if (produced > kOutputGoal && read > kSmallest) {
        size_ = std::max(size_ / 2, kSmallest);
    } else if (read == size_ && produced < kOutputGoal / 2) {
        size_ = std::min(size_ * 2, kLargest);
    }
}

}  // namespace gnatsd::reactor
