// MatchResult: who gets a message on one subject; immutable and shared.
//
// Threads: immutable after the Sublist made it. Lifetime: shared by caches and dispatchers.

#pragma once

#include "kernel/RefCounted.h"
#include "kernel/Subscription.h"

#include <vector>

namespace gnatsd::kernel {

struct MatchResult final : RefCounted<MatchResult> {
    using Subscriptions = std::vector<Ref<Subscription>>;

    /// Plain subscriptions, each its own copy (CP-140).
    Subscriptions plain;
    /// One entry per queue name, over all matching subjects (CP-141): one member gets the message.
    std::vector<Subscriptions> queues;

    bool empty() const noexcept { return plain.empty() && queues.empty(); }

    static void destroy(MatchResult* result) noexcept { delete result; }
};

}  // namespace gnatsd::kernel
