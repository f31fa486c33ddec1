// Layout: who publishes and subscribes to what in the throughput modes.

#pragma once

#include "tests/bench/Group.h"
#include "tests/bench/Options.h"
#include "tests/bench/OrderCheck.h"
#include "tests/bench/Receiver.h"

#include <string>
#include <vector>

namespace gnatsd::bench {

struct GroupLayout {
    std::size_t publishers = 0;
    std::size_t receivers = 0;
    Delivery delivery = Delivery::all;
    /// Of one length.
    std::vector<std::string> subjects;
    std::vector<Subscription> subscriptions;
    /// MSG lines in the order in which one publisher makes them.
    std::vector<Subscription> messages;
    std::string queue;
    OrderCheck::Kind order = OrderCheck::Kind::exact;
    /// Messages that may be on their way to the slowest receiver.
    std::uint64_t window = 0;
};

std::vector<GroupLayout> layoutOf(const Options& options);

}  // namespace gnatsd::bench
