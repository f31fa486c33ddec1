// TlsStream: TLS on the stream that it takes over. OpenSSL does the handshake; the records after it
// are those of a RecordLayer. It reads the socket in large pieces and writes full records, several
// at once; between two calls it keeps no decrypted byte, so that the poller tells of everything
// there is, and of encrypted ones only a record that is not whole and what the socket did not take.
//
// Threads: confined to the reactor of its connection; may change it between two calls.

#pragma once

#include "transports/reactor/StreamUpgrade.h"
#include "transports/tls/RecordLayer.h"
#include "transports/tls/SslRecords.h"

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::tls {

class TlsContext;
struct HandshakeNotes;

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
    std::string_view version() const noexcept override { return version_; }
    std::string_view cipherSuite() const noexcept override { return cipherSuite_; }
    std::shared_ptr<const kernel::PeerIdentity> peer() const override { return peer_; }

private:
    enum class State : unsigned char { shaking, open, ended, failed };

    /// Also after the peer has said that it sends nothing more.
    bool maySend() const noexcept { return state_ == State::open || state_ == State::ended; }
    reactor::IoResult fill(Wire& wire, std::size_t most) noexcept;
    bool decrypt(Wire& wire, Target& target) noexcept;
    void keepRest(const Wire& wire);
    reactor::IoResult withoutTls() noexcept;
    reactor::IoResult sendUnsent() noexcept;
    reactor::Io send(const Wire& wire) noexcept;
    bool begin();
    reactor::Handshake advance(Wire& wire);
    void open(const Wire& wire);
    reactor::Handshake fail(std::string why);
    reactor::Handshake peerHasGone();
    void noteEnd(State state) noexcept;

    const std::unique_ptr<reactor::Stream> plain_;
    // Of the handshake, null after it; the last two before it, too.
    std::shared_ptr<const TlsContext> context_;
    std::unique_ptr<HandshakeNotes> notes_;
    SslPtr ssl_;

    std::unique_ptr<RecordLayer> records_;  // null before that
    const char* version_ = "";
    const char* cipherSuite_ = "";
    std::string kept_;    // encrypted input that is not a whole record yet
    std::string unsent_;  // encrypted output that the socket did not take
    std::string failure_;
    std::shared_ptr<const kernel::PeerIdentity> peer_;
    State state_ = State::shaking;
};

}  // namespace gnatsd::tls
