// FlushTarget: port of a thread that owns connections; called at most once per batch.
//
// Threads: any. Lifetime: outlives every outbox that names it as owner.

#pragma once

#include "kernel/RefCounted.h"

#include <functional>
#include <vector>

namespace gnatsd::kernel {

class Outbox;

class FlushTarget {
public:
    FlushTarget() = default;
    virtual ~FlushTarget() = default;
    FlushTarget(const FlushTarget&) = delete;
    FlushTarget& operator=(const FlushTarget&) = delete;

    /// Asks the owner to write these outboxes; empties the list. Requests are worked off in order.
    virtual void flushSoon(std::vector<Ref<Outbox>>& outboxes) = 0;

    /// Runs a task on the owner's thread, in order with flushSoon().
    virtual void post(std::function<void()> task) = 0;
};

}  // namespace gnatsd::kernel
