// The part of Connection that ends it: input stops, the protocol is told, the last output goes out,
// the peer gets time to read it, and the reactor buries what is left.

#include "transports/reactor/Connection.h"
#include "transports/reactor/Reactor.h"

#include <algorithm>
#include <string>

namespace gnatsd::reactor {

using kernel::CloseReason;

void Connection::close(CloseReason reason) {
    if (phase_ > Phase::open) {
        return;
    }
    const bool isCut = inHandshake();
    phase_ = Phase::closing;
    reason_ = reason;
    if (reason == CloseReason::slowConsumerPendingBytes) {
        logSlow("Slow Consumer Detected: MaxPending of " + std::to_string(outbox_->maxPending()) +
                " Exceeded");
    }
    if (skipsFlush(reason) || isCut) {
        outbox_->close(reactor_->shard().pool);
    }
    reactor_->finishSoon(*this);
}

void Connection::finish() {
    phase_ = Phase::flushing;
    reactor_->unhold(*this);
    protocol_->onClosed(reason_);
    if (reason_ == CloseReason::tlsHandshakeFailure) {
        linger();  // the peer is to see why
        return;
    }
    if (skipsFlush(reason_) || outbox_->link() == nullptr) {
        die();
        return;
    }
    flushLast();
}

void Connection::flushLast() {
    flush();
    if (phase_ != Phase::flushing) {
        return;
    }
    if (outbox_->near().empty() && !stream_->hasOutput()) {
        linger();
    } else {
        writeBy_ = reactor_->shard().now + std::min(writeDeadline_, kLingerTime);
        updateInterest();
        reschedule();
    }
}

void Connection::linger() {
    outbox_->close(reactor_->shard().pool);
    stream_->shutdownWrite();
    if (reason_ == CloseReason::clientClosed) {
        die();
        return;
    }
    phase_ = Phase::lingering;
    writeBy_ = reactor_->shard().now + kLingerTime;
    updateInterest();
    reschedule();
    drainInput();
}

void Connection::drainInput() {
    for (int i = 0; i < 16; ++i) {
        const IoResult result = stream_->read({}, reactor_->readBuffer());
        if (result.state == Io::wouldBlock) {
            return;
        }
        if (result.state != Io::done) {
            die();
            return;
        }
    }
}

void Connection::die() {
    // While closing, finish() is still to come in this turn, and decides.
    if (phase_ != Phase::dead && phase_ != Phase::closing) {
        phase_ = Phase::dead;
        updateInterest();
        reactor_->bury(*this);
    }
}

}  // namespace gnatsd::reactor
