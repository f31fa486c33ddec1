// The part of Dispatcher that delivers runs.

#include "kernel/Dispatcher.h"

#include <cstring>

namespace gnatsd::kernel {

void Dispatcher::deliver(const Run& run, const Publisher& from) {
    const MatchResult& result = shard_.cache.lookup(from.account, run.subject());
    std::size_t delivered = 0;
    std::size_t payload = 0;
    // With many receivers their objects do not stay in the nearest cache: ask for them early.
    const std::size_t count = result.plain.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (i + 1 < count) {
            __builtin_prefetch(result.plain[i + 1].get());
            __builtin_prefetch(result.plain[i + 1]->outbox());
        }
        if (runToOne(*result.plain[i], run, from)) {
            delivered += run.count();
            payload += run.payloadBytes();
            continue;
        }
        // Limits are near, or it is closed: what one by one comes to is right in every case.
        for (std::size_t k = 0; k < run.count(); ++k) {
            const Message message = run.message(k);
            if (toOne(*result.plain[i], message, from)) {
                ++delivered;
                payload += message.payload.size();
            }
        }
    }
    for (const MatchResult::Subscriptions& members : result.queues) {  // CP-145
        for (std::size_t k = 0; k < run.count(); ++k) {
            const Message message = run.message(k);
            if (toQueue(members, message, from)) {
                ++delivered;
                payload += message.payload.size();
            }
        }
    }
    if (delivered > 0) {
        shard_.counters.outMessages.add(delivered);
        shard_.counters.outBytes.add(payload);
    }
}

/// Answers false, and does nothing, where messages have to be looked at one by one.
bool Dispatcher::runToOne(Subscription& subscription, const Run& run, const Publisher& from) {
    Outbox& box = *subscription.outbox();
    if (subscription.closed() || subscription.max() != 0 || (!from.echo && &box == from.outbox)) {
        return false;
    }
    const std::size_t size = run.outputBytes(subscription.sidBlank().size());
    if (box.owner() != &shard_) {
        return runToFar(subscription, box, run, size);
    }
    OutQueue& queue = box.near();
    if (queue.bytes() + size > box.maxPending()) [[unlikely]] {
        return false;
    }
    subscription.countLocal(run.count());
    box.sentMessages += run.count();
    box.sentBytes += run.payloadBytes();
    box.lastPublisher = from.outbox;
    shard_.queued += size;
    writeRun(queue, subscription, run);
    shard_.markDirty(box);
    shard_.behind |= box.nearHalfFull();
    return true;
}

bool Dispatcher::runToFar(Subscription& subscription, Outbox& box, const Run& run,
                          std::size_t size) {
    const Outbox::Far far = box.appendFar(
        shard_, size, run.count(), [&] { return subscription.max() == 0; },
        [&](OutQueue& queue) {
            subscription.countRemote(run.count());
            writeRun(queue, subscription, run);
        });
    if (far != Outbox::Far::queued && far != Outbox::Far::queuedFirst) {
        return false;
    }
    if (far == Outbox::Far::queuedFirst) {
        shard_.markFar(box);
    }
    shard_.behind |= box.nearHalfFull();
    return true;
}

void Dispatcher::writeRun(OutQueue& queue, const Subscription& subscription, const Run& run) {
    const char* const subject = run.subject().data();
    const std::size_t subjectSize = run.subject().size() + 1;  // with the blank behind it
    const std::string_view sid = subscription.sidBlank();
    for (std::size_t i = 0; i < run.count(); ++i) {
        const std::string_view tail = run.tail(i);
        const std::size_t size = 4 + subjectSize + sid.size() + tail.size();
        char* to = queue.room(size);
        if (to == nullptr) [[unlikely]] {
            queue.append("MSG ", shard_.pool);
            queue.append({subject, subjectSize}, shard_.pool);
            queue.append(sid, shard_.pool);
            queue.append(tail, shard_.pool);
            continue;
        }
        std::memcpy(to, "MSG ", 4);
        to = putBytes(to + 4, subject, subjectSize);
        to = putBytes(to, sid.data(), sid.size());
        copyBytes(to, tail.data(), tail.size());
        queue.commit(size);
    }
}

}  // namespace gnatsd::kernel
