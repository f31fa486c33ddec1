#include "transports/tls/TlsStream.h"

#include "transports/tls/HandshakeNotes.h"
#include "transports/tls/Pieces.h"
#include "transports/tls/Tls13Records.h"
#include "transports/tls/TlsContext.h"
#include "transports/tls/TlsError.h"

#include <openssl/err.h>

#include <algorithm>
#include <sys/socket.h>
#include <utility>

namespace gnatsd::tls {

using reactor::Handshake;
using reactor::Io;
using reactor::IoResult;

namespace {

constexpr std::size_t kMostBody = Wire::kRecord + 2048;  // of a record, in any version

/// Answers of the protocol itself that nobody takes: such a peer does not want to read.
constexpr std::size_t kMostUnsent = Wire::kOutput + Wire::kRecord;

/// The records that are all there, in bytes. What cannot be one is for OpenSSL to say.
std::size_t wholeRecords(std::span<const char> input) noexcept {
    std::size_t size = 0;
    while (input.size() - size >= TrafficKey::kHeader) {
        const std::size_t body = TrafficKey::bodySize(input.subspan(size));
        if (body > kMostBody) {
            return input.size();
        }
        if (input.size() - size < TrafficKey::kHeader + body) {
            break;
        }
        size += TrafficKey::kHeader + body;
    }
    return size;
}

std::uint64_t countRecords(std::string_view output) noexcept {
    std::uint64_t count = 0;
    while (output.size() >= TrafficKey::kHeader) {
        output.remove_prefix(
            std::min(output.size(), TrafficKey::kHeader + TrafficKey::bodySize(output)));
        ++count;
    }
    return count;
}

}  // namespace

TlsStream::TlsStream(std::unique_ptr<reactor::Stream> plain,
                     std::shared_ptr<const TlsContext> context)
    : plain_(std::move(plain)), context_(std::move(context)) {}

TlsStream::~TlsStream() = default;

/// What OpenSSL needs takes 30 KB: not before the peer has sent something to work on.
bool TlsStream::begin() {
    ssl_.reset(SSL_new(context_->native()));
    if (ssl_ == nullptr) {
        return false;
    }
    BIO* bio = Wire::makeBio();
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
    notes_ = std::make_unique<HandshakeNotes>();
    SSL_set_app_data(ssl_.get(), notes_.get());
    return true;
}

Handshake TlsStream::fail(std::string why) {
    failure_ = std::move(why);
    state_ = State::failed;
    ERR_clear_error();
    return Handshake::failed;
}

Handshake TlsStream::peerHasGone() {
    return fail("the " + context_->settings().peer + " closed the connection");
}

Handshake TlsStream::handshake() noexcept {
    if (state_ != State::shaking) {
        return Handshake::failed;
    }
    if (hasOutput()) {
        const IoResult sent = sendUnsent();
        if (sent.state != Io::done) {
            return sent.state == Io::wouldBlock ? Handshake::wantsOutput : peerHasGone();
        }
    }
    Wire& wire = Wire::here();
    const IoResult got = fill(wire, Wire::kRecord);
    if (got.state == Io::wouldBlock) {
        return Handshake::waits;
    }
    if (got.state != Io::done) {
        return peerHasGone();
    }
    // OpenSSL would take the beginning of a record too, and its end look like a record of its own.
    const std::size_t whole = wholeRecords(wire.rest());
    const std::span<const char> part = wire.rest().subspan(whole);
    kept_.assign(part.data(), part.size());
    if (whole == 0) {
        return Handshake::waits;
    }
    wire.cut(whole);
    if (ssl_ == nullptr && !begin()) {
        return fail("out of memory");
    }
    return advance(wire);
}

Handshake TlsStream::advance(Wire& wire) {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    const int error = SSL_get_error(ssl_.get(), done);
    if (done != 1 && error != SSL_ERROR_WANT_READ) {
        fail(handshakeProblem(ssl_.get(), *notes_, context_->settings().peer));
        send(wire);  // the alert that says so
        return Handshake::failed;
    }
    const Io sent = send(wire);
    if (sent != Io::done && sent != Io::wouldBlock) {
        return peerHasGone();
    }
    if (done != 1) {
        return hasOutput() ? Handshake::wantsOutput : Handshake::wantsInput;
    }
    open(wire);
    ERR_clear_error();
    return Handshake::done;
}

void TlsStream::open(const Wire& wire) {
    SSL* const ssl = ssl_.get();
    const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl);
    version_ = SSL_version(ssl) == TLS1_3_VERSION ? "1.3" : "1.2";
    cipherSuite_ = SSL_CIPHER_standard_name(cipher);
    if (cipherSuite_ == nullptr) {
        cipherSuite_ = "unknown";
    }
    peer_ = context_->peerOf(ssl);
    // Whoever asked for small records (RFC 6066, 4) gets them from OpenSSL.
    const bool isFull = SSL_SESSION_get_max_fragment_length(SSL_get0_session(ssl)) ==
                        TLSEXT_max_fragment_length_DISABLED;
    if (SSL_version(ssl) == TLS1_3_VERSION && SSL_has_pending(ssl) == 0 && isFull) {
        // Of what the last flight of a server says, tickets alone, everything has the key of data.
        records_ = Tls13Records::make(SSL_CIPHER_get_protocol_id(cipher), notes_->secrets,
                                      countRecords(wire.output()));
    }
    if (records_ == nullptr) {
        SSL_set_app_data(ssl, nullptr);
        records_ = std::make_unique<SslRecords>(std::move(ssl_));
    }
    kept_.insert(0, wire.rest().data(), wire.rest().size());
    ssl_.reset();
    notes_.reset();
    context_.reset();
    state_ = State::open;
}

void TlsStream::keepRest(const Wire& wire) {
    const std::span<const char> rest = wire.rest();
    if (rest.empty()) {
        kept_ = {};
    } else {
        kept_.assign(rest.data(), rest.size());
    }
}

/// Reads at most so much behind what is kept of a record.
IoResult TlsStream::fill(Wire& wire, std::size_t most) noexcept {
    wire.put(kept_);
    const IoResult got = plain_->read({}, wire.space().first(most));
    if (got.state == Io::done) {
        wire.filled(got.size);
    }
    return got;
}

IoResult TlsStream::read(std::span<char> first, std::span<char> second) noexcept {
    if (state_ != State::open) {
        return withoutTls();
    }
    Target target{first, second};
    while (target.room() > Wire::kRecord) {
        Wire& wire = Wire::here();
        // No more than has room when it is decrypted, with what is kept.
        const std::size_t most =
            std::min(Wire::kInput - kept_.size(), target.room() - Wire::kRecord);
        const IoResult got = fill(wire, most);
        const bool goesOn = wire.rest().empty() || decrypt(wire, target);
        const Io sent = send(wire);
        if (!goesOn || (sent != Io::done && sent != Io::wouldBlock) ||
            unsent_.size() > kMostUnsent) {
            noteEnd(goesOn ? State::failed : state_);
            break;
        }
        if (got.state != Io::done && target.size == 0) {
            return got;
        }
        if (got.state != Io::done || got.size < most) {
            break;  // that was all; how it ended, the next call meets again
        }
    }
    if (target.size > 0) {
        return {Io::done, target.size};
    }
    return state_ == State::open ? IoResult{Io::wouldBlock, 0} : withoutTls();
}

/// False: nothing comes after this.
bool TlsStream::decrypt(Wire& wire, Target& target) noexcept {
    switch (records_->open(wire, target)) {
        case RecordLayer::Input::goesOn:
            keepRest(wire);
            return true;
        case RecordLayer::Input::ended:
            state_ = State::ended;
            break;
        case RecordLayer::Input::failed:
            state_ = State::failed;
            break;
    }
    kept_ = {};
    return false;
}

/// Makes sure that the poller calls again: there may be nothing more in the socket.
void TlsStream::noteEnd(State state) noexcept {
    state_ = state;
    ::shutdown(fd(), SHUT_RD);
}

/// After the end of TLS nothing that comes is data; it is only taken away.
IoResult TlsStream::withoutTls() noexcept {
    if (state_ == State::shaking) {
        return {Io::failed, 0};
    }
    const IoResult got = plain_->read({}, Wire::here().space());
    if (got.state == Io::done) {
        return {Io::wouldBlock, 0};
    }
    return got.state == Io::closed && state_ == State::failed && failure_.empty()
               ? IoResult{Io::failed, 0}
               : got;
}

IoResult TlsStream::write(std::span<const kernel::OutSpan> spans) noexcept {
    if (!maySend()) {
        return {Io::failed, 0};
    }
    if (hasOutput()) {
        if (const IoResult sent = sendUnsent(); sent.state != Io::done) {
            return sent;
        }
    }
    Wire& wire = Wire::here();
    Pieces pieces(spans);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < Wire::kRecords; ++i) {
        const std::string_view record = pieces.take(wire.record());
        if (record.empty()) {
            break;
        }
        if (!records_->seal(record, wire)) {
            state_ = State::failed;
            return {Io::failed, 0};
        }
        taken += record.size();
    }
    const Io sent = send(wire);
    return sent == Io::done || sent == Io::wouldBlock ? IoResult{Io::done, taken}
                                                      : IoResult{sent, 0};
}

IoResult TlsStream::sendUnsent() noexcept {
    std::size_t at = 0;
    while (at < unsent_.size()) {
        const kernel::OutSpan span{unsent_.data() + at, unsent_.size() - at};
        const IoResult sent = plain_->write({&span, 1});
        if (sent.state != Io::done) {
            unsent_.erase(0, at);
            return sent;
        }
        at += sent.size;
    }
    unsent_ = {};
    return {Io::done, at};
}

/// Sends what OpenSSL has made, behind what is unsent; keeps the rest.
Io TlsStream::send(const Wire& wire) noexcept {
    std::string_view output = wire.output();
    while (unsent_.empty() && !output.empty()) {
        const kernel::OutSpan span{output.data(), output.size()};
        const IoResult sent = plain_->write({&span, 1});
        if (sent.state == Io::wouldBlock) {
            break;
        }
        if (sent.state != Io::done) {
            return sent.state;
        }
        output.remove_prefix(sent.size);
    }
    unsent_.append(output);
    return unsent_.empty() ? Io::done : Io::wouldBlock;
}

void TlsStream::shutdownWrite() noexcept {
    if (maySend()) {
        Wire& wire = Wire::here();
        records_->close(wire);
        send(wire);
    }
    plain_->shutdownWrite();
}

}  // namespace gnatsd::tls
