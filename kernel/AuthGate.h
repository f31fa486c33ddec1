// AuthGate: port "who is this?", asked once per CONNECT (architecture: plug-ins decide).
//
// Threads: check() on the session's reactor; `done` from any thread, exactly once.
// Lifetime: outlives every session. `done` may outlive the connection that asked; it then has
// no effect.

#pragma once

#include "kernel/ConnectOptions.h"

#include <cstdint>
#include <functional>
#include <string>

namespace gnatsd::kernel {

struct AuthRequest {
    std::uint64_t clientId = 0;
    ConnectOptions connect;
    std::string nonce;
    std::string peerAddress;  // IP:PORT, IPv6 in brackets
};

struct AuthAnswer {
    bool accepted = false;
    std::string user;
    std::string account;  // empty: $G
    std::string reason;   // for the log only; the client sees CP-202
};

class AuthGate {
public:
    AuthGate() = default;
    virtual ~AuthGate() = default;
    AuthGate(const AuthGate&) = delete;
    AuthGate& operator=(const AuthGate&) = delete;

    /// Whether a client must send CONNECT first and INFO says auth_required (CP-110). No blocking.
    virtual bool required() const noexcept = 0;

    /// Starts the check and returns at once. `done` may be called before check() returns.
    virtual void check(AuthRequest request, std::function<void(AuthAnswer)> done) = 0;
};

}  // namespace gnatsd::kernel
