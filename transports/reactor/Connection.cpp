#include "transports/reactor/Connection.h"

#include "transports/reactor/PlainStream.h"
#include "transports/reactor/Reactor.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gnatsd::reactor {

using kernel::CloseReason;

namespace {

/// In the form of other NATS servers' logs: 300ms, 1.5s, 2m0s (LOG-114).
std::string durationText(std::chrono::milliseconds time) {
    if (time.count() < 1000) {
        return std::to_string(time.count()) + "ms";
    }
    std::string seconds = std::to_string(static_cast<double>(time.count() % 60'000) / 1000.0);
    seconds.erase(seconds.find_last_not_of('0') + 1);
    if (seconds.back() == '.') {
        seconds.pop_back();
    }
    const auto minutes = time.count() / 60'000;
    return (minutes > 0 ? std::to_string(minutes) + "m" : "") + seconds + "s";
}

}  // namespace

Connection::Connection(Reactor& reactor, ConnectionSeed seed)
    : reactor_(&reactor),
      stream_(std::move(seed.stream)),
      outbox_(
          kernel::Outbox::make(reactor.shard(), *this, std::move(seed.identity), seed.maxPending)),
      protocol_(seed.protocol(reactor.shard(), *this, outbox_)),
      writeDeadline_(seed.writeDeadline) {
    if (seed.security != nullptr) {
        securing_ = std::make_unique<Securing>();
        securing_->security = std::move(seed.security);
        securing_->mayStayPlain = seed.mayStayPlain;
    }
}

Connection::~Connection() {
    outbox_->close(reactor_->shard().pool);
    reactor_->timers().cancel(*this);
    if (registered_) {
        reactor_->poller().remove(stream_->fd());
    }
}

void Connection::open() {
    interest_ = {true, false};
    reactor_->poller().add(stream_->fd(), *this, interest_);
    registered_ = true;
    if (securing_ != nullptr) {
        beginSecuring();
        return;
    }
    protocol_->onOpen();
    protocolTimer_ = protocol_->onTimer(reactor_->shard().now);
    reschedule();
}

void Connection::onReady(const PollEvent& event) {
    if (phase_ == Phase::securing && !blocked_) {
        secure(event);
        return;
    }
    if (event.writable && blocked_) {
        blocked_ = false;
        writeBy_ = Clock::time_point::max();
        if (phase_ == Phase::flushing) {
            flushLast();
        } else {
            flush();
        }
        updateInterest();
    }
    if (!event.readable && !event.broken) {
        return;
    }
    if ((read_ == 0 || phase_ > Phase::open) && !reactor_->mayComeOrGo()) {
        return;  // the poller tells again in the next turn
    }
    // What came before a reset is read even when the next read was put off.
    if (phase_ == Phase::open && (interest_.read || (event.broken && !paused_))) {
        readOnce();
    } else if (phase_ == Phase::lingering) {
        drainInput();
    } else if (event.broken) {
        // Nobody would read the error, and the poller would report it for ever.
        if (phase_ <= Phase::open) {
            close(CloseReason::clientClosed);
        } else {
            die();
        }
    }
}

void Connection::readOnce() {
    const std::span<char> direct = protocol_->directSpace();
    const std::span<char> buffer = reactor_->readBuffer().first(policy_.size());
    const IoResult result = stream_->read(direct, buffer);
    switch (result.state) {
        case Io::done: {
            const std::size_t queuedBefore = reactor_->shard().queued;
            const std::size_t placed = std::min(result.size, direct.size());
            if (placed > 0) {
                protocol_->onDirect(placed);
            }
            protocol_->onBytes({buffer.data(), result.size - placed});
            afterRead(result.size, queuedBefore);
            break;
        }
        case Io::wouldBlock:
            policy_.foundNothing();
            break;
        case Io::closed:
            close(CloseReason::clientClosed);
            break;
        case Io::failed:
            close(CloseReason::readError);
            break;
    }
    if (!blocked_ && stream_->hasOutput()) {
        blocked();  // an answer of the stream itself
    }
}

void Connection::afterRead(std::size_t size, std::size_t queuedBefore) {
    kernel::Shard& shard = reactor_->shard();
    const std::size_t produced = shard.queued - std::min(queuedBefore, shard.queued);
    const bool answered = outbox_->dirty || written_ != writtenAtRead_;
    if (shard.borrowed || shard.queued > Reactor::kFlushAt) {
        reactor_->flushAll();
    }
    read_ += size;
    writtenAtRead_ = written_;
    if (std::exchange(shard.behind, false)) {
        constexpr std::chrono::microseconds kBehind{2000};
        holdReading(kBehind);
        return;
    }
    const auto wait = policy_.afterRead(size, produced, answered, shard.now.time_since_epoch());
    if (wait.count() > 0) {
        holdReading(std::chrono::duration_cast<std::chrono::microseconds>(wait));
    }
}

void Connection::flush() {
    if (phase_ == Phase::dead || outbox_->link() == nullptr || inHandshake()) {
        return;
    }
    std::vector<kernel::Ref<kernel::Subscription>> expired;
    outbox_->collect(expired);
    if (!expired.empty()) {
        protocol_->onExpired(expired);
    }
    if (outbox_->overflowed()) {
        close(CloseReason::slowConsumerPendingBytes);
        return;
    }
    if (!blocked_) {
        writeOut();
    }
    if (outbox_->link() != nullptr) {
        outbox_->near().settle(reactor_->shard().pool);
        outbox_->noteUnsent();
    }
}

void Connection::writeOut() {
    kernel::OutQueue& queue = outbox_->near();
    queue.learnSize();
    std::array<kernel::OutSpan, PlainStream::kMaxSpans> spans;
    while (!queue.empty() || stream_->hasOutput()) {
        const std::size_t count = queue.spans(spans.data(), spans.size());
        const IoResult result = stream_->write(std::span(spans.data(), count));
        if (result.state == Io::done) {
            written_ += result.size;
            queue.consume(result.size, reactor_->shard().pool);
            continue;
        }
        if (result.state == Io::wouldBlock) {
            blocked();
        } else {
            close(CloseReason::writeError);
        }
        return;
    }
}

void Connection::blocked() {
    blocked_ = true;
    writeBy_ = reactor_->shard().now + writeDeadline_;
    updateInterest();
    reschedule();
}

Clock::time_point Connection::onTimer(Clock::time_point now) {
    if (phase_ == Phase::dead) {
        return Clock::time_point::max();
    }
    if (now >= writeBy_) {
        slowWriter(now);
    }
    if (phase_ == Phase::securing) {
        onSecuringTimer(now);
    }
    if (phase_ == Phase::open && now >= protocolTimer_) {
        protocolTimer_ = protocol_->onTimer(now);
    }
    return nextTimer();
}

Clock::time_point Connection::nextTimer() const noexcept {
    if (phase_ == Phase::securing) {
        return std::min({writeBy_, securing_->deadline, securing_->helloBy});
    }
    return phase_ == Phase::open ? std::min(writeBy_, protocolTimer_) : writeBy_;
}

void Connection::slowWriter(Clock::time_point) {
    writeBy_ = Clock::time_point::max();
    if (phase_ > Phase::open) {
        die();
        return;
    }
    logSlow("Slow Consumer Detected: WriteDeadline of " + durationText(writeDeadline_) +
            " exceeded with " + std::to_string(outbox_->near().chunks()) + " chunks of " +
            std::to_string(outbox_->near().bytes()) + " total bytes.");
    close(CloseReason::slowConsumerWriteDeadline);
}

void Connection::logLine(kernel::Level level, const std::string& text) {
    if (level != kernel::Level::debug || reactor_->log().debugOn()) {
        reactor_->log().write(level, outbox_->identity() + " - " + text);
    }
}

void Connection::logSlow(const std::string& text) {
    reactor_->shard().counters.slowConsumers.add(1);
    logLine(kernel::Level::info, text);
}

void Connection::pauseReading() {
    paused_ = true;
    updateInterest();
}

void Connection::resumeReading() {
    paused_ = false;
    updateInterest();
}

void Connection::holdReading(std::chrono::microseconds pause) {
    if (phase_ != Phase::open) {
        return;
    }
    if (heldUntil_ == Clock::time_point()) {
        reactor_->hold(*this);
    }
    heldUntil_ = Clock::now() + pause;
    updateInterest();
}

void Connection::endHold() {
    heldUntil_ = {};
    if (phase_ != Phase::open) {
        return;
    }
    protocol_->onHoldEnd();
    if (phase_ == Phase::open && !paused_ && heldUntil_ == Clock::time_point()) {
        readOnce();
    }
    if (phase_ == Phase::open) {
        updateInterest();
    }
}

Candidate Connection::look() {
    const bool movable = phase_ == Phase::open && !paused_ && !blocked_ &&
                         heldUntil_ == Clock::time_point() && !outbox_->dirty;
    const kernel::Outbox::FarTraffic far = outbox_->farTraffic();
    const std::uint64_t fromFar = far.messages - std::exchange(farAtLook_, far.messages);
    const std::uint64_t fromNear =
        outbox_->sentMessages - std::exchange(nearAtLook_, outbox_->sentMessages);
    Candidate candidate{outbox_.get(), outbox_->lastPublisher};
    candidate.read = read_ - std::exchange(readAtLook_, read_);
    candidate.wrote = written_ - std::exchange(writtenAtLook_, written_);
    candidate.movable = movable;
    candidate.farFrom = fromFar > fromNear ? &far.from->target() : nullptr;
    return candidate;
}

void Connection::leave() {
    reactor_->poller().remove(stream_->fd());
    registered_ = false;
    reactor_->timers().cancel(*this);
    outbox_->moveTo(nullptr);
}

void Connection::arrive(Reactor& reactor) {
    reactor_ = &reactor;
    outbox_->moveTo(&reactor.shard());
    protocol_->onMoved(reactor.shard());
    reactor.poller().add(stream_->fd(), *this, interest_);
    registered_ = true;
    reschedule();
    // What came while it was on the way was announced to nobody. Before anything is appended to
    // the near half here: the order of a publisher on this reactor.
    reactor.shard().markDirty(*outbox_);
    flush();
    onChange();  // it may have been on its way when the others were told
}

void Connection::onChange() {
    if (phase_ != Phase::open) {
        return;
    }
    protocol_->onChange();
    if (phase_ == Phase::open) {
        protocolTimer_ = protocol_->onTimer(reactor_->shard().now);
        reschedule();
    }
}

void Connection::hastenTimer() {
    protocolTimer_ = reactor_->shard().now;
    reschedule();
}

void Connection::updateInterest() {
    Interest wanted;
    if (phase_ == Phase::open) {
        wanted.read = !paused_ && heldUntil_ == Clock::time_point();
    } else if (phase_ == Phase::securing) {
        wanted.read = !securing_->wantsOutput && !blocked_;
    } else {
        wanted.read = phase_ == Phase::lingering;
    }
    wanted.write = blocked_ && phase_ != Phase::lingering && phase_ != Phase::dead;
    wanted.write = wanted.write || (phase_ == Phase::securing && securing_->wantsOutput);
    if (registered_ && phase_ == Phase::dead) {
        reactor_->poller().remove(stream_->fd());
        registered_ = false;
        return;
    }
    if (wanted == interest_ || !registered_) {
        return;
    }
    interest_ = wanted;
    reactor_->poller().change(stream_->fd(), *this, interest_);
}

void Connection::reschedule() {
    reactor_->timers().schedule(*this, nextTimer());
}

}  // namespace gnatsd::reactor
