// The part of Dispatcher that delivers runs.

#include "kernel/Dispatcher.h"

#include <cstring>

namespace gnatsd::kernel {

void Dispatcher::deliver(const Run& run, const Publisher& from) {
    const MatchResult& result = from.receivers != nullptr
                                    ? *from.receivers
                                    : shard_.cache.lookup(from.account, run.subject());
    std::size_t delivered = 0;
    std::size_t payload = 0;
    // With many receivers their objects do not stay in the nearest cache: ask for them early.
    const std::size_t count = result.plain.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (i + 1 < count) {
            __builtin_prefetch(result.plain[i + 1].get());
            __builtin_prefetch(result.plain[i + 1]->outbox());
        }
        const RunResult done = runToOne(*result.plain[i], run, from);
        if (done == RunResult::all) [[likely]] {
            delivered += run.count();
            payload += run.payloadBytes();
            continue;
        }
        if (done == RunResult::none) {
            continue;
        }
        // Limits are near: what one by one comes to is right in every case.
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

Dispatcher::RunResult Dispatcher::runToOne(Subscription& subscription, const Run& run,
                                           const Publisher& from) {
    if (!subscription.plain()) [[unlikely]] {
        return runToRuled(subscription, run, from);
    }
    return runToOpen(subscription, run, from);
}

Dispatcher::RunResult Dispatcher::runToRuled(Subscription& subscription, const Run& run,
                                             const Publisher& from) {
    if (subscription.closed()) {
        return RunResult::none;
    }
    if (subscription.filtered()) {
        if (log_.debugOn()) {  // a line for each message (LOG-121)
            return RunResult::oneByOne;
        }
        if (!admits(subscription, run.subject())) {
            return RunResult::none;
        }
    }
    const RunResult done = runToOpen(subscription, run, from);
    Outbox& box = *subscription.outbox();
    if (done == RunResult::all && subscription.grantsReplies() && box.owner() == &shard_) {
        const MutexLock lock(box.mutex());
        grant(subscription, box, run);
    }
    return done;
}

Dispatcher::RunResult Dispatcher::runToOpen(Subscription& subscription, const Run& run,
                                            const Publisher& from) {
    Outbox& box = *subscription.outbox();
    if (subscription.max() != 0 || (!from.echo && &box == from.outbox)) {
        return RunResult::oneByOne;
    }
    const std::size_t size = run.outputBytes(subscription.sidBlank().size());
    if (box.owner() != &shard_) {
        return runToFar(subscription, box, run, size) ? RunResult::all : RunResult::oneByOne;
    }
    OutQueue& queue = box.near();
    if (queue.bytes() + size > box.maxPending()) [[unlikely]] {
        return RunResult::oneByOne;
    }
    subscription.countLocal(run.count());
    box.sentMessages += run.count();
    box.sentBytes += run.payloadBytes();
    box.lastPublisher = from.outbox;
    shard_.queued += size;
    writeRun(queue, subscription, run);
    shard_.markDirty(box);
    shard_.behind |= box.nearHalfFull();
    return RunResult::all;
}

void Dispatcher::grant(const Subscription& subscription, Outbox& box, const Run& run) {
    for (std::size_t i = 0; subscription.grantsReplies() && i < run.count(); ++i) {
        if (const std::string_view reply = run.reply(i); !reply.empty()) {
            box.grantLocked(reply, shard_.now);
        }
    }
}

bool Dispatcher::runToFar(Subscription& subscription, Outbox& box, const Run& run,
                          std::size_t size) {
    const Outbox::Far far = box.appendFar(
        shard_, size, run.count(), [&] { return subscription.max() == 0; },
        [&](OutQueue& queue) {
            box.mutex().assertHeld();  // by appendFar()
            if (!subscription.plain()) [[unlikely]] {
                grant(subscription, box, run);
            }
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
