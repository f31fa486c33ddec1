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
#include <cstdint>
#include <string_view>

namespace gnatsd::kernel {

/// Who publishes, as far as delivery cares.
struct Publisher {
    Account& account;
    const Outbox* outbox;                    // its own
    bool echo;                               // false: not to its own outbox (CP-103)
    const MatchResult* receivers = nullptr;  // as find() answered, if it was asked
};

class Dispatcher {
public:
    Dispatcher(Shard& shard, Log& log) : shard_(shard), log_(log) {}

    /// Delivers and answers to how many. Zero is what CP-105 asks about.
    std::size_t deliver(const Message& message, const Publisher& from);

    /// The same for a run. Nobody asks how many: see ClientSession::joinsRun().
    void deliver(const Run& run, const Publisher& from);

    /// Who gets what somebody with these permissions publishes; null: it may not be published. The
    /// answer holds until the next question or delivery.
    const MatchResult* find(std::string_view subject, Account& account,
                            const Permissions& permissions);

    /// Payloads from here on are not copied into the chunks of an outbox (architecture, item 6).
    static constexpr std::size_t kShareFrom = 8192;

private:
    enum class RunResult : std::uint8_t {
        all,
        none,
        oneByOne,  // nothing was done yet: the messages have to be looked at one by one
    };

    bool toOne(Subscription& subscription, const Message& message, const Publisher& from);
    bool toOpen(Subscription& subscription, const Message& message, const Publisher& from);
    bool toRuled(Subscription& subscription, const Message& message, const Publisher& from);
    bool admits(const Subscription& subscription, std::string_view subject);
    bool mayDeliver(const Permissions* permissions, const Subscription& subscription,
                    std::string_view subject);
    void grant(const Subscription& subscription, Outbox& box, const Message& message)
        GNATSD_REQUIRES(box.mutex());
    void grant(const Subscription& subscription, Outbox& box, const Run& run)
        GNATSD_REQUIRES(box.mutex());
    bool toNear(Subscription& subscription, Outbox& box, const Message& message,
                const Publisher& from);
    bool toFar(Subscription& subscription, Outbox& box, const Message& message,
               const Publisher& from);
    bool toQueue(const MatchResult::Subscriptions& members, const Message& message,
                 const Publisher& from);
    RunResult runToOne(Subscription& subscription, const Run& run, const Publisher& from);
    RunResult runToOpen(Subscription& subscription, const Run& run, const Publisher& from);
    RunResult runToRuled(Subscription& subscription, const Run& run, const Publisher& from);
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
