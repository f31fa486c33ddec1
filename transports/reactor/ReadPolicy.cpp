#include "transports/reactor/ReadPolicy.h"

#include <algorithm>

namespace gnatsd::reactor {

ReadPolicy::Nanos ReadPolicy::afterRead(std::size_t read, std::size_t produced, bool answered,
                                        Nanos now) noexcept {
    adapt(read, produced);
    const Nanos since = now - lastRead_;
    lastRead_ = now;
    const Nanos shortTime = streak_ >= kStreak ? kShort + kWait : kShort;
    if (answered || read > kSmallRead || since > shortTime) {
        streak_ = 0;
        return Nanos{0};
    }
    if (streak_ < kStreak) {
        ++streak_;
        return Nanos{0};
    }
    return kWait;
}

void ReadPolicy::adapt(std::size_t read, std::size_t produced) noexcept {
    if (produced > kOutputGoal && read > kSmallest) {
        size_ = std::max(size_ / 2, kSmallest);
    } else if (read == size_ && produced < kOutputGoal / 2) {
        size_ = std::min(size_ * 2, kLargest);
    }
}

}  // namespace gnatsd::reactor
