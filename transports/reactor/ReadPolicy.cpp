#include "transports/reactor/ReadPolicy.h"

#include <algorithm>

namespace gnatsd::reactor {

ReadPolicy::Nanos ReadPolicy::afterRead(std::size_t read, std::size_t produced, bool answered,
                                        Nanos now) noexcept {
    adapt(read, produced);
    const Nanos since = now - lastRead_;
    lastRead_ = now;
    const bool open = streak_ >= kOpen;
    const Nanos shortTime = open ? kShortLater : kShort;
    if (answered || since > kPause || (!open && read > kSmallRead)) {
        streak_ = 0;
    } else if (since > shortTime || read > kLargeRead) {
        hiccup();
    } else if (streak_ < kSure) {
        ++streak_;
    }
    return streak_ >= kOpen ? kWait : Nanos{0};
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
