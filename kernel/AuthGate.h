// AuthGate: port "who is this?", asked once per CONNECT (architecture: plug-ins decide).
//
// Threads: check(), recheck() and violated() on the session's reactor; `done` from any thread, at
// most once.
// Lifetime: outlives every session. `done` may outlive the connection that asked; it then has
// no effect. A ticket is let go by the session when it closes or gets another one.

#pragma once

#include "kernel/ConnectOptions.h"
#include "kernel/PeerIdentity.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gnatsd::kernel {

class Permissions;

/// What the gate wants to know of an accepted client, and what it lets go with it: the session
/// holds it as long as it is open. The kernel never looks into it.
class AuthTicket {
public:
    AuthTicket() = default;
    virtual ~AuthTicket() = default;
    AuthTicket(const AuthTicket&) = delete;
    AuthTicket& operator=(const AuthTicket&) = delete;
};

struct AuthRequest {
    std::uint64_t clientId = 0;
    ConnectOptions connect;
    std::string nonce;
    std::string peerAddress;                   // IP:PORT, IPv6 in brackets
    std::weak_ptr<const void> asker;           // expired: nobody waits for the answer any more
    std::shared_ptr<const AuthTicket> held;    // of an earlier CONNECT of this session (AU-17)
    std::shared_ptr<const PeerIdentity> peer;  // null: the connection is not secured
};

/// Limits of one user, each off by default.
struct SessionLimits {
    bool noWildcards = false;
    std::uint32_t publishRate = 0;   // messages a second, 0: any number
    std::uint32_t publishBurst = 0;  // 0: publishRate
};

struct AuthAnswer {
    bool accepted = false;
    std::string user;
    std::string account;                             // empty: $G
    std::string reason;                              // for the log only; the client sees CP-202
    std::shared_ptr<const Permissions> permissions;  // null: everything
    SessionLimits limits;
    /// When the session ends (CP-205), by the clock that people set; nothing: never.
    std::optional<std::chrono::system_clock::time_point> expires;
    std::shared_ptr<const AuthTicket> ticket;
};

/// An operation that a session refused because of its permissions (LOG-108 to LOG-110).
struct Violation {
    enum class Kind : std::uint8_t { publish, subscribe, reply };

    Kind kind = Kind::publish;
    std::uint64_t clientId = 0;
    std::string_view peerAddress;
    std::string_view clientName;
    std::string_view user;
    std::string_view account;
    std::string_view subject;
    std::string_view queue;
};

class AuthGate {
public:
    AuthGate() = default;
    virtual ~AuthGate() = default;
    AuthGate(const AuthGate&) = delete;
    AuthGate& operator=(const AuthGate&) = delete;

    /// Whether a client must send CONNECT first and INFO says auth_required (CP-110). No blocking.
    virtual bool required() const noexcept = 0;

    /// Moves when the rules change, before any answer that follows the changed ones. A session that
    /// is told of a change (Protocol::onChange()) asks again if it has no answer of this version.
    virtual std::uint32_t version() const noexcept { return 0; }

    /// Starts the check and returns at once. `done` may be called before check() returns.
    virtual void check(AuthRequest request, std::function<void(AuthAnswer)> done) = 0;

    /// The rules may have changed: asks again for the open session that holds `ticket` (OPT-213).
    virtual void recheck(std::shared_ptr<const AuthTicket> ticket, std::weak_ptr<const void> asker,
                         std::function<void(AuthAnswer)> done) {
        ticket.reset();
        asker.reset();
        std::exchange(done, nullptr)({});
    }

    /// Takes note of a refused operation; the log has it already. Does not block.
    virtual void violated(const Violation& violation) noexcept { static_cast<void>(violation); }
};

}  // namespace gnatsd::kernel
