// MatchBuilder: collects the subscribers that a match finds and makes the result of them.
//
// Threads: guarded by the Sublist's mutex. Keeps its buffers from match to match.
// Cost: O(plain + members log members); allocates exactly what the result keeps. All results
// without subscribers are one object.

#pragma once

#include "kernel/MatchResult.h"
#include "kernel/Subscribers.h"

#include <vector>

namespace gnatsd::kernel {

class MatchBuilder {
public:
    MatchBuilder() : nobody_(new MatchResult) {}

    void add(const Subscribers& subscribers) {
        subscribers.each([this](Subscription& subscription) {
            (subscription.queue().empty() ? plain_ : members_).push_back(&subscription);
        });
    }

    /// All that was added since the last build().
    Ref<MatchResult> build();

private:
    void buildQueues(MatchResult& result);

    const Ref<MatchResult> nobody_;
    std::vector<Subscription*> plain_;
    std::vector<Subscription*> members_;
};

}  // namespace gnatsd::kernel
