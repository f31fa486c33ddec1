#include "kernel/ClientSession.h"

#include "kernel/Subject.h"
#include "kernel/Text.h"

#include <algorithm>
#include <utility>

namespace gnatsd::kernel {

namespace {

/// Names that a server gives to replies itself; nobody may have others answer there (CP-49).
bool isReservedReply(std::string_view reply) noexcept {
    if (reply.empty() || (reply.front() != '_' && reply.front() != '$')) {
        return false;
    }
    return reply.starts_with("_R_") || reply.starts_with("_GR_.") || reply.starts_with("$JS.ACK.");
}

constexpr std::string_view kNoResponders = "NATS/1.0 503\r\n\r\n";  // CP-105, 16 bytes

}  // namespace

ClientSession::ClientSession(Broker& broker, Shard& shard, Link& link, Ref<Outbox> outbox,
                             std::uint64_t id, std::string_view peerIp, const TlsOffer& tls)
    : broker_(broker),
      shard_(&shard),
      link_(link),
      outbox_(std::move(outbox)),
      id_(id),
      peerIp_(peerIp),
      tls_(tls),
      account_(&broker.globalAccount()),
      parser_(broker.limits()),
      started_(shard.now),
      lastInput_(shard.now),
      nextPing_(shard.now + broker.limits().pingInterval) {}

ClientSession::~ClientSession() = default;

void ClientSession::onOpen() {
    log(Level::debug, "Client connection created");
    counted_ = broker_.enterClient();
    state_ = broker_.authRequired() ? State::needsConnect : State::open;
    infoSeen_ = broker_.infoVersion();
    if (state_ == State::needsConnect) {
        user_ = std::make_shared<SessionUser>();
        user_->nonce = newNonce();  // CP-120; also for authenticators that we do not know
        send(broker_.infoLine(id_, peerIp_, tls_, user_->nonce));
    } else {
        send(broker_.infoLine(id_, peerIp_, tls_));
    }
    if (!counted_) {  // CP-164
        log(Level::error, "maximum connections exceeded");
        fail(ProtocolError::maxConnections, CloseReason::maxConnectionsExceeded);
    }
}

void ClientSession::onSecured(std::shared_ptr<const PeerIdentity> peer) {
    peer_ = std::move(peer);
    started_ = shard_->now;  // CP-113
    lastInput_ = shard_->now;
}

void ClientSession::onBytes(std::string_view bytes) {
    lastInput_ = shard_->now;
    if (state_ == State::checking || state_ == State::throttled) {
        unread_->append(bytes);
        return;
    }
    const std::uint64_t messages = inMessages_;
    const std::uint64_t payload = inBytes_;
    work(bytes);
    shard_->counters.inMessages.add(inMessages_ - messages);
    shard_->counters.inBytes.add(inBytes_ - payload);
}

void ClientSession::work(std::string_view in) {
    Op op;
    Run run;
    Dispatcher dispatcher(*shard_, broker_.log());
    const bool tracing = broker_.log().traceOn();
    while (state_ == State::open || state_ == State::needsConnect) {
        if (state_ == State::needsConnect && !in.empty() && parser_.held() == 0 &&
            in.front() != 'C' && in.front() != 'c') {  // CP-110
            if (!broker_.info().authRequired) {        // CP-114
                askGate();
                break;
            }
            log(Level::error, "authentication error - User \"\"");
            fail(ProtocolError::authorizationViolation, CloseReason::authenticationViolation);
            return;
        }
        const Event event = parser_.next(in, op);
        if (op.again && !run.empty() && !run.full() && event == Event::publish) [[likely]] {
            run.add(op.message);  // it joins because the one before did
            continue;
        }
        if (event == Event::publish && !tracing && joinsRun(op.message)) [[likely]] {
            if (!run.takes(op.message)) {
                finishRun(run, dispatcher);
            }
            run.add(op.message);
            continue;
        }
        finishRun(run, dispatcher);
        if (event == Event::needMore) {
            return;
        }
        if (tracing) [[unlikely]] {
            traceOp(event, op);
        }
        if (event == Event::publish) {
            publish(op.message, dispatcher);
        } else {
            handle(event, op);
        }
    }
    if (state_ == State::checking || state_ == State::throttled) {
        unread_ = std::make_unique<std::string>(in);
    }
}

std::span<char> ClientSession::directSpace() noexcept {
    return state_ == State::open ? parser_.directSpace() : std::span<char>();
}

void ClientSession::handle(Event event, const Op& op) {
    switch (event) {
        case Event::subscribe:
            subscribe(op);
            break;
        case Event::unsubscribe:
            unsubscribe(op);
            break;
        case Event::connect:
            connect(op.args);
            break;
        case Event::ping:
            pong();
            break;
        case Event::pong:
            pingsOut_ = 0;  // CP-93
            break;
        case Event::info:
            if (ConnectOptions ignored; !ignored.merge(op.args)) {
                failed({ProtocolError::parserError, CloseReason::protocolViolation, true,
                        "processInfo", op.args, 0});
            }
            break;
        case Event::error:  // CP-95
            log(Level::error, "Client Error " + escape(op.args));
            end(CloseReason::parseError);
            break;
        case Event::failed:
            failed(op.failure);
            break;
        case Event::ok:
        case Event::publish:
        case Event::needMore:
            break;
    }
}

/// Whether the message asks for nothing but its delivery. (The parser answers a tail only for what
/// lies in the input, so that the views of a run hold until onBytes() returns.)
bool ClientSession::joinsRun(const Message& message) const noexcept {
    return !message.tail.empty() && message.headerSize == 0 && !single_ &&
           message.payload.size() < Dispatcher::kShareFrom && message.subject.front() != '_' &&
           (message.reply.empty() || (!noResponders_ && !isReservedReply(message.reply)));
}

void ClientSession::finishRun(Run& run, Dispatcher& dispatcher) {
    if (run.empty()) {
        return;
    }
    inMessages_ += run.count();
    inBytes_ += run.payloadBytes();
    if (permissions_ == nullptr) [[likely]] {
        dispatcher.deliver(run, {*account_, outbox_.get(), echo_});
    } else {
        deliverChecked(run, dispatcher);
    }
    run.clear();
}

void ClientSession::publish(const Message& message, Dispatcher& dispatcher) {
    ++inMessages_;
    inBytes_ += message.payload.size();
    if (pedantic_ && !isLiteral(message.subject)) [[unlikely]] {  // CP-135
        sendError(ProtocolError::invalidPublishSubject);
        ok();
        return;
    }
    if (message.subject.front() == '_' && message.subject.starts_with("_SYS.")) [[unlikely]] {
        refusePublish(message.subject);  // CP-49
        return;
    }
    if (isReservedReply(message.reply)) [[unlikely]] {
        refuseReply(message.reply);
        return;
    }
    if (restricted_ && !admits(message, dispatcher)) [[unlikely]] {
        return;
    }
    ok();
    const std::size_t delivered = dispatcher.deliver(message, {*account_, outbox_.get(), echo_});
    if (delivered == 0 && noResponders_ && !message.reply.empty()) [[unlikely]] {
        noResponders(message);
    }
}

void ClientSession::noResponders(const Message& message) {
    const MatchResult& result = shard_->cache.lookup(*account_, message.reply);
    const auto own = std::find_if(result.plain.begin(), result.plain.end(), [&](const auto& sub) {
        return sub->outbox() == outbox_.get() && !sub->closed();
    });
    if (own == result.plain.end()) {
        return;
    }
    std::string line = "HMSG ";
    line.append(message.reply).append(" ").append((*own)->sidBlank());
    line.append("16 16\r\n").append(kNoResponders).append("\r\n");
    send(line);
}

void ClientSession::pong() {
    collectFar();  // CP-91: also what publishers on other threads have flushed comes first
    send("PONG\r\n");
    if (!greeted_) {
        greeted_ = true;
        tellInfo();  // CP-153
    }
}

// CP-152
void ClientSession::tellInfo() {
    const std::uint32_t version = broker_.infoVersion();
    if (version != infoSeen_ && greeted_ && state_ == State::open && options().protocol >= 1) {
        infoSeen_ = version;
        send(broker_.infoLine(id_, peerIp_, tls_));
    }
}

void ClientSession::onChange() {
    const Limits& limits = broker_.limits();
    parser_.setLimits(limits);
    link_.setWriteDeadline(limits.writeDeadline);
    nextPing_ = std::min(nextPing_, shard_->now + limits.pingInterval);
    tellInfo();
    recheck();
}

bool ClientSession::retire(CloseReason reason) {
    if (state_ == State::closed) {
        return false;
    }
    if (reason == CloseReason::maxConnectionsExceeded) {  // OPT-216
        fail(ProtocolError::maxConnections, reason);
    } else {
        end(reason);
    }
    return true;
}

Clock::time_point ClientSession::onTimer(Clock::time_point now) {
    if (state_ == State::closed) {
        return Clock::time_point::max();
    }
    if (state_ == State::needsConnect || state_ == State::checking) {
        const Clock::time_point deadline = started_ + broker_.limits().authTimeout;
        if (now >= deadline) {  // CP-112
            log(Level::debug, "Authentication Timeout");
            fail(ProtocolError::authenticationTimeout, CloseReason::authenticationTimeout);
            return Clock::time_point::max();
        }
        return deadline;
    }
    const Clock::time_point end = expiry(now);
    if (end <= now) {
        log(Level::debug, "User Authentication Expired");
        fail(ProtocolError::authenticationExpired, CloseReason::authenticationExpired);
        return Clock::time_point::max();
    }
    return std::min(end, onPingTimer(now));
}

Clock::time_point ClientSession::onPingTimer(Clock::time_point now) {
    const Limits& limits = broker_.limits();
    if (state_ == State::throttled) {  // a PONG would not be seen
        nextPing_ = now + limits.pingInterval;
    }
    if (now < nextPing_) {
        return nextPing_;
    }
    log(Level::debug, "Client Ping Timer");
    if (lastInput_ + limits.pingInterval > now) {  // CP-94: traffic says as much as a PONG
        nextPing_ = lastInput_ + limits.pingInterval;
        return nextPing_;
    }
    if (pingsOut_ >= limits.pingMax) {
        log(Level::debug, "Stale Client Connection - Closing");
        fail(ProtocolError::staleConnection, CloseReason::staleConnection);
        return Clock::time_point::max();
    }
    ++pingsOut_;
    send("PING\r\n");
    nextPing_ = now + limits.pingInterval;
    return nextPing_;
}

void ClientSession::onClosed(CloseReason reason) {
    state_ = State::closed;
    sids_.forEach([this](Subscription& subscription) {
        if (subscription.close()) {
            account_->sublist().remove(subscription);
        }
    });
    sids_ = SidTable();
    user_.reset();  // and the ticket with it
    permissions_ = nullptr;
    restricted_ = false;
    if (std::exchange(counted_, false)) {
        broker_.leaveClient();
    }
    if (broker_.log().debugOn()) {
        log(Level::debug, "Client connection closed: " + std::string(text(reason)));
    }
}

void ClientSession::send(std::string_view bytes) {
    if (outbox_->link() == nullptr) {
        return;
    }
    OutQueue& queue = outbox_->near();
    if (queue.bytes() + bytes.size() > outbox_->maxPending()) [[unlikely]] {
        // Answers count as well: a peer that asks without end and never reads is slow (CP-166).
        link_.flush();
        if (queue.bytes() + bytes.size() > outbox_->maxPending()) {
            end(CloseReason::slowConsumerPendingBytes);
            return;
        }
    }
    if (broker_.log().traceOn()) [[unlikely]] {
        traceSent(bytes);
    }
    queue.append(bytes, shard_->pool);
    shard_->queued += bytes.size();
    shard_->markDirty(*outbox_);
}

void ClientSession::sendError(ProtocolError error) {
    send(errLine(error));
}

void ClientSession::sendError(const std::string& text) {
    send("-ERR '" + text + "'\r\n");
}

void ClientSession::fail(ProtocolError error, CloseReason reason) {
    sendError(error);
    end(reason);
}

void ClientSession::end(CloseReason reason) {
    state_ = State::closed;
    link_.close(reason);
}

std::string ClientSession::userText() const {  // LOG-108
    const std::string& name = user_ && !user_->name.empty() ? user_->name : options().user;
    return "User " + quote(name.empty() ? "N/A" : name);
}

std::string ClientSession::label() const {
    std::string label = outbox_->identity();
    if (options_) {
        if (const std::string client = options_->label(); !client.empty()) {
            label.append(" - ").append(client);
        }
    }
    return label;
}

void ClientSession::log(Level level, std::string_view text) const {
    Log& log = broker_.log();
    if ((level == Level::debug && !log.debugOn()) || (level == Level::trace && !log.traceOn())) {
        return;
    }
    log.write(level, label().append(" - ").append(text));
}

}  // namespace gnatsd::kernel
