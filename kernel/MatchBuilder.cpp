#include "kernel/MatchBuilder.h"

#include <algorithm>
#include <cstddef>

namespace gnatsd::kernel {

namespace {

constexpr std::size_t kKeptCapacity = 8192;

void empty(std::vector<Subscription*>& buffer) {
    buffer.clear();
    if (buffer.capacity() > kKeptCapacity) {
        buffer.shrink_to_fit();
    }
}

}  // namespace

Ref<MatchResult> MatchBuilder::build() {
    if (plain_.empty() && members_.empty()) {
        return nobody_;
    }
    Ref<MatchResult> result(new MatchResult);
    result->plain.reserve(plain_.size());
    for (Subscription* subscription : plain_) {
        result->plain.emplace_back(subscription);
    }
    if (!members_.empty()) {
        buildQueues(*result);
    }
    empty(plain_);
    empty(members_);
    return result;
}

// By sorting, not by looking each name up: one subject may have thousands of queue names.
void MatchBuilder::buildQueues(MatchResult& result) {
    const auto byQueue = [](const Subscription* a, const Subscription* b) {
        return a->queue() < b->queue();
    };
    std::sort(members_.begin(), members_.end(), byQueue);
    std::size_t queues = 1;
    for (std::size_t i = 1; i < members_.size(); ++i) {
        queues += byQueue(members_[i - 1], members_[i]) ? 1 : 0;
    }
    result.queues.reserve(queues);
    for (auto begin = members_.begin(); begin != members_.end();) {
        const auto end = std::upper_bound(begin, members_.end(), *begin, byQueue);
        MatchResult::Subscriptions& group = result.queues.emplace_back();
        group.reserve(static_cast<std::size_t>(end - begin));
        for (; begin != end; ++begin) {
            group.emplace_back(*begin);
        }
    }
}

}  // namespace gnatsd::kernel
