#include "transports/tls/TlsStream.h"

#include "transports/tls/TlsContext.h"
#include "transports/tls/TlsError.h"
#include "transports/tls/Wire.h"

#include <openssl/err.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <sys/socket.h>
#include <utility>

namespace gnatsd::tls {

using reactor::Handshake;
using reactor::Io;
using reactor::IoResult;

namespace {

/// Answers of the protocol itself that nobody takes: such a peer does not want to read.
constexpr std::size_t kMostUnsent = Wire::kOutput + Wire::kRecord;

}  // namespace

/// Where decrypted bytes go.
struct TlsStream::Target {
    std::span<char> first;
    std::span<char> second;
    std::size_t size = 0;

    std::size_t room() const noexcept { return first.size() + second.size(); }
    std::span<char>& next() noexcept { return first.empty() ? second : first; }
    void took(std::size_t count) noexcept {
        next() = next().subspan(count);
        size += count;
    }
};

/// Output in pieces, taken away in records.
class TlsStream::Pieces {
public:
    explicit Pieces(std::span<const kernel::OutSpan> spans) noexcept : spans_(spans) {}

    /// The next full record, or the rest: in place where it lies in one piece, else in `room`.
    std::string_view take(std::span<char> room) noexcept {
        skipEmpty();
        if (spans_.empty()) {
            return {};
        }
        if (const std::size_t left = spans_[0].size - at_; left >= room.size() || isLast()) {
            const std::string_view record(spans_[0].data + at_, std::min(left, room.size()));
            at_ += record.size();
            return record;
        }
        std::size_t size = 0;
        while (size < room.size() && !spans_.empty()) {
            const std::size_t count = std::min(spans_[0].size - at_, room.size() - size);
            std::memcpy(room.data() + size, spans_[0].data + at_, count);
            size += count;
            at_ += count;
            skipEmpty();
        }
        return {room.data(), size};
    }

private:
    bool isLast() const noexcept { return spans_.size() == 1; }
    void skipEmpty() noexcept {
        while (!spans_.empty() && at_ == spans_[0].size) {
            spans_ = spans_.subspan(1);
            at_ = 0;
        }
    }

    std::span<const kernel::OutSpan> spans_;
    std::size_t at_ = 0;
};

TlsStream::TlsStream(std::unique_ptr<reactor::Stream> plain,
                     std::shared_ptr<const TlsContext> context)
    : plain_(std::move(plain)), context_(std::move(context)), ssl_(SSL_new(context_->native())) {
    if (ssl_ == nullptr) {
        fail("out of memory");
        return;
    }
    BIO* bio = Wire::makeBio();
    SSL_set_bio(ssl_, bio, bio);
    SSL_set_accept_state(ssl_);
    SSL_set_app_data(ssl_, &failure_);
}

TlsStream::~TlsStream() {
    SSL_free(ssl_);
}

Handshake TlsStream::fail(std::string why) {
    failure_ = std::move(why);
    state_ = State::failed;
    ERR_clear_error();
    return Handshake::failed;
}

Handshake TlsStream::handshake() noexcept {
    if (state_ != State::shaking) {
        return Handshake::failed;
    }
    if (hasOutput()) {
        const IoResult sent = sendUnsent();
        if (sent.state != Io::done) {
            return sent.state == Io::wouldBlock ? Handshake::wantsOutput
                                                : fail("the client closed the connection");
        }
    }
    Wire& wire = Wire::here();
    const IoResult got = plain_->read({}, wire.space().first(Wire::kRecord));
    if (got.state == Io::wouldBlock) {
        return Handshake::wantsInput;
    }
    if (got.state != Io::done) {
        return fail("the client closed the connection");
    }
    wire.filled(got.size);
    return advance(wire);
}

Handshake TlsStream::advance(Wire& wire) {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_);
    const int error = SSL_get_error(ssl_, done);
    if (done != 1 && error != SSL_ERROR_WANT_READ) {
        fail(handshakeProblem(ssl_));
        send(wire);  // the alert that says so
        return Handshake::failed;
    }
    const Io sent = send(wire);
    if (sent != Io::done && sent != Io::wouldBlock) {
        return fail("the client closed the connection");
    }
    if (done != 1) {
        return hasOutput() ? Handshake::wantsOutput : Handshake::wantsInput;
    }
    kept_ = wire.rest();
    failure_ = {};
    SSL_set_app_data(ssl_, nullptr);
    peer_ = context_->peerOf(ssl_);
    context_.reset();
    state_ = State::open;
    ERR_clear_error();
    return Handshake::done;
}

std::string_view TlsStream::version() const noexcept {
    return SSL_version(ssl_) == TLS1_3_VERSION ? "1.3" : "1.2";
}

std::string_view TlsStream::cipherSuite() const noexcept {
    const char* name = SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl_));
    return name != nullptr ? name : "unknown";
}

/// Reads no more than has room when it is decrypted, with what OpenSSL holds of a record.
IoResult TlsStream::fill(Wire& wire, std::size_t room) noexcept {
    if (!kept_.empty()) {
        wire.feed(kept_);
        return {Io::done, kept_.size()};
    }
    const IoResult got = plain_->read({}, wire.space().first(std::min(Wire::kInput, room)));
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
        const std::size_t room = target.room() - Wire::kRecord;
        const IoResult got = fill(wire, room);
        if (got.state != Io::done) {
            if (target.size == 0) {
                return got;
            }
            break;  // the next call meets the same
        }
        const bool goesOn = decrypt(target);
        const bool wasKept = !kept_.empty();
        kept_ = {};
        const Io sent = send(wire);
        if (!goesOn || (sent != Io::done && sent != Io::wouldBlock) ||
            unsent_.size() > kMostUnsent) {
            noteEnd(goesOn ? State::failed : state_);
            break;
        }
        if (!wasKept && got.size < std::min(Wire::kInput, room)) {
            break;  // that was all
        }
    }
    if (target.size > 0) {
        return {Io::done, target.size};
    }
    return state_ == State::open ? IoResult{Io::wouldBlock, 0} : withoutTls();
}

/// False: nothing comes after this.
bool TlsStream::decrypt(Target& target) noexcept {
    while (target.room() > 0) {
        ERR_clear_error();
        const std::span<char> next = target.next();
        const int size = SSL_read(ssl_, next.data(),
                                  static_cast<int>(std::min<std::size_t>(next.size(), INT_MAX)));
        if (size > 0) {
            target.took(static_cast<std::size_t>(size));
            continue;
        }
        switch (SSL_get_error(ssl_, size)) {
            case SSL_ERROR_WANT_READ:
            case SSL_ERROR_WANT_WRITE:
                return true;
            case SSL_ERROR_ZERO_RETURN:
                state_ = State::ended;
                return false;
            default:
                state_ = State::failed;
                ERR_clear_error();
                return false;
        }
    }
    return true;
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
        ERR_clear_error();
        if (SSL_write(ssl_, record.data(), static_cast<int>(record.size())) !=
            static_cast<int>(record.size())) {
            state_ = State::failed;
            ERR_clear_error();
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
        const Wire& wire = Wire::here();
        ERR_clear_error();
        SSL_shutdown(ssl_);
        ERR_clear_error();
        send(wire);
    }
    plain_->shutdownWrite();
}

}  // namespace gnatsd::tls
