// The part of Connection that secures it before anything else happens (CP-115 to CP-119): waits for
// the peer to begin, exchanges the stream for a secure one, does the handshake, all by readiness
// events and one deadline. Where security is demanded there is no other way to Phase::open.

#include "kernel/ProtocolError.h"
#include "transports/reactor/Connection.h"
#include "transports/reactor/Reactor.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace gnatsd::reactor {

using kernel::CloseReason;
using kernel::Level;
using kernel::ProtocolError;

namespace {

constexpr unsigned char kHandshakeRecord = 0x16;

}  // namespace

void Connection::beginSecuring() {
    Securing& securing = *securing_;
    const Security& security = *securing.security;
    const Clock::time_point now = reactor_->shard().now;
    securing.deadline = now + security.timeout;
    const bool mayCome = security.admit();
    if (security.hello == Security::Hello::beforeHandshake || !mayCome) {
        greetInClear();
    } else if (security.hello == Security::Hello::whenSilent) {
        securing.helloBy = now + security.silence;
    }
    if (phase_ != Phase::open) {
        return;
    }
    if (!mayCome) {  // CP-223
        outbox_->near().append(kernel::errLine(ProtocolError::throttled), reactor_->shard().pool);
        close(CloseReason::maxConnectionsExceeded);
        return;
    }
    phase_ = Phase::securing;
    reschedule();
}

void Connection::greetInClear() {
    securing_->greeted = true;
    securing_->helloBy = Clock::time_point::max();
    const Phase before = std::exchange(phase_, Phase::open);
    protocol_->onOpen();
    if (phase_ == Phase::open) {
        flush();  // the peer answers this with its handshake, so it may not wait for others
    }
    if (phase_ == Phase::open) {
        phase_ = before;
    }
}

void Connection::secure(const PollEvent& event) {
    if (!reactor_->mayShakeHands()) {
        return;  // the poller tells again in the next turn
    }
    if (securing_->stream == nullptr && !lookForHandshake(event)) {
        return;
    }
    const Handshake state = securing_->stream->handshake();
    if (state != Handshake::waits) {
        reactor_->countHandshake();
    }
    switch (state) {
        case Handshake::done:
            secured();
            return;
        case Handshake::wantsInput:
        case Handshake::waits:
            securing_->wantsOutput = false;
            break;
        case Handshake::wantsOutput:
            securing_->wantsOutput = true;
            break;
        case Handshake::failed:
            logLine(Level::error, "TLS handshake error: " + securing_->stream->failure());
            close(CloseReason::tlsHandshakeFailure);
            return;
    }
    updateInterest();
}

/// Looks at the first byte, and leaves it where it is. True: a handshake has begun.
bool Connection::lookForHandshake(const PollEvent& event) {
    unsigned char first = 0;
    const ssize_t size = ::recv(stream_->fd(), &first, 1, MSG_PEEK);
    if (size == 0) {
        close(CloseReason::clientClosed);
        return false;
    }
    if (size < 0) {
        if (event.broken || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            close(CloseReason::readError);
        }
        return false;
    }
    if (first != kHandshakeRecord) {
        if (securing_->mayStayPlain) {
            stayPlain();
        } else {
            refusePlain(" does not speak TLS");
        }
        return false;
    }
    if (!outbox_->near().empty()) {
        // A peer that did not take the few bytes of the hello does not mean well.
        close(CloseReason::tlsHandshakeFailure);
        return false;
    }
    logLine(Level::debug, "Starting TLS " + securing_->security->peer + " connection handshake");
    std::unique_ptr<SecureStream> stream = securing_->security->secure(std::move(stream_));
    securing_->stream = stream.get();
    stream_ = std::move(stream);
    return true;
}

void Connection::secured() {
    SecureStream& stream = *securing_->stream;
    if (reactor_->log().debugOn()) {
        logLine(Level::debug, "TLS handshake complete");
        logLine(Level::debug, "TLS version " + std::string(stream.version()) + ", cipher suite " +
                                  std::string(stream.cipherSuite()));
    }
    protocol_->onSecured(stream.peer());
    startOpen();
}

void Connection::stayPlain() {
    startOpen();
}

/// From here on it is as any other connection.
void Connection::startOpen() {
    const std::unique_ptr<Securing> securing = std::move(securing_);
    phase_ = Phase::open;
    if (!securing->greeted) {
        protocol_->onOpen();
    }
    if (phase_ != Phase::open) {
        return;
    }
    protocol_->onChange();  // it was not told meanwhile
    if (phase_ != Phase::open) {
        return;
    }
    protocolTimer_ = protocol_->onTimer(reactor_->shard().now);
    if (stream_->hasOutput()) {
        blocked();
    }
    if (phase_ == Phase::open) {
        readOnce();  // the handshake may have taken more from the socket than was its own
    }
    updateInterest();
    reschedule();
}

// CP-116: whoever did not start TLS is told so.
void Connection::refusePlain(std::string_view why) {
    logLine(Level::error,
            "TLS handshake error: the " + securing_->security->peer + std::string(why));
    outbox_->near().append(kernel::errLine(ProtocolError::secureConnection),
                           reactor_->shard().pool);
    flush();
    close(CloseReason::tlsHandshakeFailure);
}

void Connection::onSecuringTimer(Clock::time_point now) {
    if (now >= securing_->helloBy) {
        greetInClear();
    }
    if (phase_ != Phase::securing || now < securing_->deadline) {
        return;
    }
    if (securing_->stream != nullptr) {
        logLine(Level::error, "TLS handshake timeout");
        close(CloseReason::tlsHandshakeFailure);
    } else if (securing_->mayStayPlain) {
        stayPlain();
    } else {
        logLine(Level::error, "TLS handshake timeout");
        refusePlain(" has sent nothing");
    }
}

}  // namespace gnatsd::reactor
