// Dispatcher: one message to all its outboxes.
//
// Threads: the publisher's reactor. Lifetime: owns nothing; made per shard.
// Cost: no allocation with warm chunks, no lock and no virtual call per near delivery, one leaf
// lock per far delivery.

#pragma once

#include "kernel/Account.h"
#include "kernel/Log.h"
#include "kernel/MatchResult.h"
#include "kernel/Message.h"
#include "kernel/Run.h"
#include "kernel/Shard.h"

#include <cstddef>

namespace gnatsd::kernel {

/// Who publishes, as far as delivery cares.
struct Publisher {
    Account& account;
    const Outbox* outbox;  // its own
    bool echo;             // false: not to its own outbox (CP-103)
};

class Dispatcher {
public:
    Dispatcher(Shard& shard, Log& log) : shard_(shard), log_(log) {}

    /// Delivers and answers to how many. Zero is what CP-105 asks about.
    std::size_t deliver(const Message& message, const Publisher& from);

    /// The same for a run. Nobody asks how many: see ClientSession::joinsRun().
    void deliver(const Run& run, const Publisher& from);

    /// Payloads from here on are not copied into the chunks of an outbox (architecture, item 6).
    static constexpr std::size_t kShareFrom = 8192;

private:
    bool toOne(Subscription& subscription, const Message& message, const Publisher& from);
    bool toNear(Subscription& subscription, Outbox& box, const Message& message,
                const Publisher& from);
    bool toFar(Subscription& subscription, Outbox& box, const Message& message,
               const Publisher& from);
    bool toQueue(const MatchResult::Subscriptions& members, const Message& message,
                 const Publisher& from);
    bool runToOne(Subscription& subscription, const Run& run, const Publisher& from);
    bool runToFar(Subscription& subscription, Outbox& box, const Run& run, std::size_t size);
    void writeRun(OutQueue& queue, const Subscription& subscription, const Run& run);
    bool makeRoom(Outbox& box, std::size_t size);
    void write(OutQueue& queue, const Subscription& subscription, const Message& message,
               bool headers, bool near);
    void writeParts(OutQueue& queue, const Subscription& subscription, const Message& message,
                    bool headers, bool near);
    void writePayload(OutQueue& queue, std::string_view payload, const Message& message, bool near);
    bool countLast(Subscription& subscription, Outbox& box, bool near) GNATSD_REQUIRES(box.mutex());
    void retire(Subscription& subscription, const Publisher& from);
    void trace(const Subscription& subscription, const Outbox& box, const Message& message) const;

    Shard& shard_;
    Log& log_;
    Ref<Block> block_;  // the payload of the message at hand, copied once for far outboxes
    const char* blockOf_ = nullptr;
};

}  // namespace gnatsd::kernel
