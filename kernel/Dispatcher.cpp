#include "kernel/Dispatcher.h"

#include "kernel/Text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace gnatsd::kernel {

namespace {

constexpr std::size_t kVerb = 5;  // "HMSG "

/// More than any form of this message takes in an outbox.
std::size_t boundOf(const Subscription& subscription, const Message& message) {
    const std::size_t head = kVerb + message.subject.size() + 1 + subscription.sidBlank().size();
    return head + std::max(message.tail.size(), message.reply.size() + 1 + message.sizes.size() +
                                                    2 + message.payload.size() + 2);
}

}  // namespace

const MatchResult* Dispatcher::find(std::string_view subject, Account& account,
                                    const Permissions& permissions) {
    const MatchResult& result = shard_.cache.lookup(account, subject);
    const bool may = shard_.cache.remembered(permissions.publishKey(),
                                             [&] { return permissions.mayPublish(subject); });
    return may ? &result : nullptr;
}

std::size_t Dispatcher::deliver(const Message& message, const Publisher& from) {
    const MatchResult& result = from.receivers != nullptr
                                    ? *from.receivers
                                    : shard_.cache.lookup(from.account, message.subject);
    std::size_t delivered = 0;
    for (const Ref<Subscription>& subscription : result.plain) {
        delivered += toOne(*subscription, message, from) ? 1 : 0;
    }
    for (const MatchResult::Subscriptions& members : result.queues) {  // CP-145: after the plain
        delivered += toQueue(members, message, from) ? 1 : 0;
    }
    if (block_) [[unlikely]] {
        block_.reset();
        blockOf_ = nullptr;
    }
    if (delivered > 0) {
        shard_.counters.outMessages.add(delivered);
        shard_.counters.outBytes.add(delivered * message.payload.size());
    }
    return delivered;
}

bool Dispatcher::toQueue(const MatchResult::Subscriptions& members, const Message& message,
                         const Publisher& from) {
    const std::size_t count = members.size();
    // Uniform without a division (CP-142).
    const auto wide = static_cast<unsigned __int128>(shard_.random()) * count;
    auto index = static_cast<std::size_t>(wide >> 64U);
    for (std::size_t i = 0; i < count; ++i) {  // CP-143: the next one if this one cannot
        if (toOne(*members[index], message, from)) {
            return true;
        }
        index = index + 1 == count ? 0 : index + 1;
    }
    return false;
}

bool Dispatcher::toOne(Subscription& subscription, const Message& message, const Publisher& from) {
    if (!subscription.plain()) [[unlikely]] {
        return toRuled(subscription, message, from);
    }
    return toOpen(subscription, message, from);
}

bool Dispatcher::toRuled(Subscription& subscription, const Message& message,
                         const Publisher& from) {
    if (subscription.closed() || !admits(subscription, message.subject) ||
        !toOpen(subscription, message, from)) {
        return false;
    }
    // Here the owner cannot act before this returns; elsewhere toFar() has done it.
    Outbox& box = *subscription.outbox();
    if (subscription.grantsReplies() && box.owner() == &shard_) {
        const MutexLock lock(box.mutex());
        grant(subscription, box, message);
    }
    return true;
}

// AU-39
bool Dispatcher::admits(const Subscription& subscription, std::string_view subject) {
    Outbox& box = *subscription.outbox();
    bool may = true;
    if (!subscription.filtered()) {
        return true;
    }
    if (box.owner() == &shard_) {
        may = mayDeliver(box.permissions(), subscription, subject);
    } else {
        const MutexLock lock(box.mutex());
        may = mayDeliver(box.permissionsLocked(), subscription, subject);
    }
    if (may) {
        return true;
    }
    if (log_.debugOn()) {  // LOG-121
        log_.write(Level::debug,
                   box.identity() + " - Not permitted to deliver to " + quote(subject));
    }
    return false;
}

bool Dispatcher::mayDeliver(const Permissions* permissions, const Subscription& subscription,
                            std::string_view subject) {
    if (permissions == nullptr) {
        return true;
    }
    const auto ask = [&] { return permissions->mayDeliver(subject, subscription.queue()); };
    return permissions->queuesAreAlike() ? shard_.cache.remembered(permissions->deliverKey(), ask)
                                         : ask();
}

void Dispatcher::grant(const Subscription& subscription, Outbox& box, const Message& message) {
    if (!subscription.grantsReplies()) {
        return;
    }
    const bool ofRun = message.sizes.empty();
    const std::string_view reply = ofRun ? Run::replyIn(message) : message.reply;
    if (!reply.empty()) {
        box.grantLocked(reply, shard_.now);
    }
}

bool Dispatcher::toOpen(Subscription& subscription, const Message& message, const Publisher& from) {
    Outbox& box = *subscription.outbox();
    if (!from.echo && &box == from.outbox) {
        return false;
    }
    const bool done = box.owner() == &shard_ ? toNear(subscription, box, message, from)
                                             : toFar(subscription, box, message, from);
    if (done && log_.traceOn()) [[unlikely]] {
        trace(subscription, box, message);
    }
    return done;
}

bool Dispatcher::toNear(Subscription& subscription, Outbox& box, const Message& message,
                        const Publisher& from) {
    const std::size_t size = boundOf(subscription, message);
    if (box.near().bytes() + size > box.maxPending() && !makeRoom(box, size)) [[unlikely]] {
        return false;
    }
    bool last = false;
    if (subscription.max() == 0) [[likely]] {
        subscription.countLocal();
    } else {
        const MutexLock lock(box.mutex());
        if (subscription.delivered() >= subscription.max()) {
            return false;
        }
        last = countLast(subscription, box, true);
    }
    ++box.sentMessages;
    box.sentBytes += message.payload.size();
    box.lastPublisher = from.outbox;
    shard_.queued += size;
    write(box.near(), subscription, message, box.headers(), true);
    shard_.markDirty(box);
    if (last) {
        retire(subscription, from);
    }
    if (box.nearHalfFull()) [[unlikely]] {
        shard_.behind = true;
    }
    return true;
}

bool Dispatcher::toFar(Subscription& subscription, Outbox& box, const Message& message,
                       const Publisher& from) {
    bool last = false;
    const bool headers = box.headers();
    const Outbox::Far far = box.appendFar(
        shard_, boundOf(subscription, message), 1,
        [&] { return subscription.max() == 0 || subscription.delivered() < subscription.max(); },
        [&](OutQueue& queue) {
            box.mutex().assertHeld();  // by appendFar()
            if (!subscription.plain()) [[unlikely]] {
                grant(subscription, box, message);
            }
            last = countLast(subscription, box, false);
            write(queue, subscription, message, headers, false);
        });
    switch (far) {
        case Outbox::Far::queuedFirst:
            shard_.markFar(box);
            break;
        case Outbox::Far::queued:
            break;
        case Outbox::Far::full:
            shard_.markFar(box);
            return false;
        case Outbox::Far::closed:
        case Outbox::Far::skipped:
            return false;
    }
    if (last) {
        retire(subscription, from);
    }
    if (box.nearHalfFull()) [[unlikely]] {
        shard_.behind = true;
    }
    return true;
}

bool Dispatcher::countLast(Subscription& subscription, Outbox& box, bool near) {
    if (near) {
        subscription.countLocal();
    } else {
        subscription.countRemote();
    }
    if (subscription.max() == 0 || subscription.delivered() < subscription.max()) {
        return false;
    }
    box.expireLocked(&subscription);
    return true;
}

void Dispatcher::retire(Subscription& subscription, const Publisher& from) {
    // CP-70: the list forgets it now; the session forgets the sid when it is told.
    if (subscription.close()) {
        from.account.sublist().remove(subscription);
    }
}

bool Dispatcher::makeRoom(Outbox& box, std::size_t size) {
    Link* link = box.link();
    if (link == nullptr) {
        return false;
    }
    link->flush();
    if (box.link() == nullptr) {
        return false;
    }
    if (box.near().bytes() + size <= box.maxPending()) {
        return true;
    }
    link->close(CloseReason::slowConsumerPendingBytes);  // CP-166
    return false;
}

void Dispatcher::write(OutQueue& queue, const Subscription& subscription, const Message& message,
                       bool headers, bool near) {
    const bool plain = message.headerSize == 0;
    if (message.tail.empty() || message.payload.size() >= kShareFrom || !(plain || headers))
        [[unlikely]] {
        writeParts(queue, subscription, message, headers, near);
        return;
    }
    const std::size_t verb = plain ? 4 : kVerb;
    const std::size_t subject = message.subject.size() + 1;  // with the blank behind it
    const std::string_view sid = subscription.sidBlank();
    const std::size_t size = verb + subject + sid.size() + message.tail.size();
    char* to = queue.room(size);
    if (to == nullptr) [[unlikely]] {
        queue.append(plain ? "MSG " : "HMSG ", shard_.pool);
        queue.append({message.subject.data(), subject}, shard_.pool);
        queue.append(sid, shard_.pool);
        queue.append(message.tail, shard_.pool);
        return;
    }
    if (plain) {
        std::memcpy(to, "MSG ", 4);
    } else {
        std::memcpy(to, "HMSG ", 5);
    }
    to = putBytes(to + verb, message.subject.data(), subject);
    to = putBytes(to, sid.data(), sid.size());
    copyBytes(to, message.tail.data(), message.tail.size());
    queue.commit(size);
}

void Dispatcher::writeParts(OutQueue& queue, const Subscription& subscription,
                            const Message& message, bool headers, bool near) {
    const bool asHeaders = message.headerSize > 0 && headers;
    std::string_view payload = message.payload;
    std::string_view sizes = message.sizes;
    char digits[24];
    if (message.headerSize > 0 && !headers) {  // CP-82
        payload.remove_prefix(message.headerSize);
        const auto end = std::to_chars(digits, digits + sizeof digits, payload.size());
        sizes = {digits, static_cast<std::size_t>(end.ptr - digits)};
    }
    std::string& head = shard_.scratch;
    head.assign(asHeaders ? "HMSG " : "MSG ");
    head.append(message.subject).push_back(' ');
    head.append(subscription.sidBlank());
    if (!message.reply.empty()) {
        head.append(message.reply).push_back(' ');
    }
    head.append(sizes).append("\r\n");
    queue.append(head, shard_.pool);
    writePayload(queue, payload, message, near);
}

void Dispatcher::writePayload(OutQueue& queue, std::string_view payload, const Message& message,
                              bool near) {
    if (payload.size() < kShareFrom) {
        queue.append(payload, shard_.pool);
        queue.append("\r\n", shard_.pool);
        return;
    }
    // The CRLF stands behind the payload in the input and in a block alike (CP-46).
    const std::string_view framed{payload.data(), payload.size() + 2};
    if (message.block != nullptr) {
        queue.share(framed, Ref<Block>(message.block), shard_.pool);
        return;
    }
    if (near) {
        queue.share(framed, Ref<Block>(), shard_.pool);
        shard_.borrowed = true;
        return;
    }
    if (blockOf_ != message.payload.data()) {
        block_ = Block::make(message.payload.size() + 2);
        std::memcpy(block_->data(), message.payload.data(), message.payload.size() + 2);
        blockOf_ = message.payload.data();
    }
    const std::size_t offset = message.payload.size() - payload.size();
    queue.share({block_->data() + offset, framed.size()}, block_, shard_.pool);
}

void Dispatcher::trace(const Subscription& subscription, const Outbox& box,
                       const Message& message) const {
    const bool asHeaders = message.headerSize > 0 && box.headers();
    std::string line = box.identity();
    line.append(asHeaders ? " - ->> [HMSG " : " - ->> [MSG ");
    line.append(escape(message.subject)).append(" ").append(escape(subscription.sid()));
    if (!message.reply.empty()) {
        line.append(" ").append(escape(message.reply));
    }
    if (message.headerSize > 0 && !asHeaders) {
        line.append(" ").append(std::to_string(message.payload.size() - message.headerSize));
    } else {
        line.append(" ").append(message.sizes);
    }
    log_.write(Level::trace, line.append("]"));
}

}  // namespace gnatsd::kernel
