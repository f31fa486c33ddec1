// StreamUpgrade: the service that secures connections. Security: how it secures those that are
// accepted now. SecureStream: what a plain stream becomes.
//
// Threads: StreamUpgrade and Security any; a SecureStream is confined as every Stream.
// Lifetime: a connection holds the Security that it was accepted with until its handshake is done.

#pragma once

#include "kernel/PeerIdentity.h"
#include "transports/reactor/Stream.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::reactor {

enum class Handshake {
    done,
    wantsInput,
    wantsOutput,
    waits,  // wants input too; nothing was done, as a part of a message is not enough
    failed
};

class SecureStream : public Stream {
public:
    /// Goes as far as it can without waiting: at most one flight of messages. Nothing is read or
    /// written before it is done; once it has failed, the stream carries no more data.
    virtual Handshake handshake() noexcept = 0;

    /// Why the handshake failed: which side, what is wrong.
    virtual std::string failure() const = 0;

    /// "1.3", "TLS_AES_128_GCM_SHA256". Requires: the handshake is done.
    virtual std::string_view version() const noexcept = 0;
    virtual std::string_view cipherSuite() const noexcept = 0;

    /// Never null once the handshake is done.
    virtual std::shared_ptr<const kernel::PeerIdentity> peer() const = 0;
};

class Security {
public:
    enum class Hello { beforeHandshake, afterHandshake, whenSilent };

    Security() = default;
    virtual ~Security() = default;
    Security(const Security&) = delete;
    Security& operator=(const Security&) = delete;

    /// Takes over the stream; never null. The peer has begun its handshake.
    virtual std::unique_ptr<SecureStream> secure(std::unique_ptr<Stream> plain) const = 0;

    /// Whether one more connection may come now (OPT-120).
    virtual bool admit() const noexcept = 0;

    std::string peer = "client";              // what the log calls the other side
    std::chrono::milliseconds timeout{2000};  // OPT-114
    Hello hello = Hello::beforeHandshake;     // CP-115, CP-119
    std::chrono::milliseconds silence{50};    // whenSilent: how long to wait for the peer
    bool mapsUsers = false;                   // their certificates say who they are (AU-71)
    bool verify = false;                      // peers show certificates
};

class StreamUpgrade {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.reactor.StreamUpgrade/1";

    StreamUpgrade() = default;
    virtual ~StreamUpgrade() = default;
    StreamUpgrade(const StreamUpgrade&) = delete;
    StreamUpgrade& operator=(const StreamUpgrade&) = delete;

    /// What holds for connections that this listener accepts now, `""` for the client port itself;
    /// null: there is nothing for it.
    virtual std::shared_ptr<const Security> security(std::string_view listener) const = 0;
};

}  // namespace gnatsd::reactor
