#include "tests/bench/Group.h"

#include <algorithm>

namespace gnatsd::bench {

Group::Group(Delivery delivery, std::size_t receivers, std::uint64_t window, RunState& state)
    : window_(std::max<std::uint64_t>(window, 1)),
      state_(state),
      received_(receivers),
      delivery_(delivery) {}

std::uint64_t Group::progress() const {
    std::uint64_t sum = 0;
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    for (const Count& receiver : received_) {
        const std::uint64_t count = receiver.count.load();
        sum += count;
        least = std::min(least, count);
    }
    if (received_.empty()) {
        return claimed_.count.load();
    }
    return delivery_ == Delivery::shared ? sum : least;
}

std::uint64_t Group::claim(std::uint64_t wanted) {
    const std::uint64_t limit = progress() + window_;
    std::uint64_t claimed = claimed_.count.load();
    std::uint64_t granted = 0;
    do {
        granted = claimed >= limit ? 0 : std::min(wanted, limit - claimed);
    } while (granted != 0 && !claimed_.count.compare_exchange_weak(claimed, claimed + granted));
    return granted;
}

bool Group::wakeWhenRoom() {
    const std::uint64_t claimed = claimed_.count.load();
    const std::uint64_t wakeAt = claimed - std::min(claimed, window_ / 2);
    wakeAt_.store(wakeAt);
    waiting_.store(true);
    // A receiver that counted just before the flag was set has not seen it.
    if (progress() >= wakeAt) {
        waiting_.store(false);
        return false;
    }
    return true;
}

void Group::setReceived(std::size_t receiver, std::uint64_t count) {
    received_[receiver].count.store(count);
    const bool shared = delivery_ == Delivery::shared;
    if (waiting_.load()) {
        const std::uint64_t wakeAt = wakeAt_.load();
        if ((shared || count >= wakeAt) && progress() >= wakeAt && waiting_.exchange(false)) {
            wakePublishers();
        }
    }
    const std::uint64_t target = target_.load();
    if ((shared || count >= target) && progress() >= target) {
        state_.ring();
    }
}

void Group::wakePublishers() {
    for (Poller* poller : publisherLoops_) {
        poller->wake();
    }
}

}  // namespace gnatsd::bench
