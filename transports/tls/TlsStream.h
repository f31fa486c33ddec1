// TlsStream: TLS on the stream that it takes over. It reads the socket in large pieces and writes
// full records, several at once; between two calls it keeps no decrypted byte, so that the poller
// tells of everything there is, and of encrypted ones only what the socket did not take.
//
// Threads: confined to the reactor of its connection; may change it between two calls.

#pragma once

#include "transports/reactor/StreamUpgrade.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::tls {

class TlsContext;
class Wire;

class TlsStream final : public reactor::SecureStream {
public:
    TlsStream(std::unique_ptr<reactor::Stream> plain, std::shared_ptr<const TlsContext> context);
    ~TlsStream() override;

    int fd() const noexcept override { return plain_->fd(); }
    reactor::IoResult read(std::span<char> first, std::span<char> second) noexcept override;
    reactor::IoResult write(std::span<const kernel::OutSpan> spans) noexcept override;
    bool hasOutput() const noexcept override { return !unsent_.empty(); }
    void shutdownWrite() noexcept override;

    reactor::Handshake handshake() noexcept override;
    std::string failure() const override { return failure_; }
    std::string_view version() const noexcept override;
    std::string_view cipherSuite() const noexcept override;
    std::shared_ptr<const kernel::PeerIdentity> peer() const override { return peer_; }

private:
    enum class State : unsigned char { shaking, open, ended, failed };
    struct Target;
    class Pieces;

    /// Also after the peer has said that it sends nothing more.
    bool maySend() const noexcept { return state_ == State::open || state_ == State::ended; }
    reactor::IoResult fill(Wire& wire, std::size_t room) noexcept;
    bool decrypt(Target& target) noexcept;
    reactor::IoResult withoutTls() noexcept;
    reactor::IoResult sendUnsent() noexcept;
    reactor::Io send(const Wire& wire) noexcept;
    reactor::Handshake advance(Wire& wire);
    reactor::Handshake fail(std::string why);
    void noteEnd(State state) noexcept;

    const std::unique_ptr<reactor::Stream> plain_;
    std::shared_ptr<const TlsContext> context_;  // null once the handshake is done
    SSL* const ssl_;
    std::string kept_;    // encrypted input that came with the end of the handshake
    std::string unsent_;  // encrypted output that the socket did not take
    std::string failure_;
    std::shared_ptr<const kernel::PeerIdentity> peer_;
    State state_ = State::shaking;
};

}  // namespace gnatsd::tls
