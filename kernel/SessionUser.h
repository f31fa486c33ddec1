// SessionUser: who a session's client is, and what comes with that.
//
// Threads: confined to its session. Lifetime: owned by the session; others may only watch whether
// it is still there (AuthRequest::asker).

#pragma once

#include "kernel/AuthGate.h"
#include "kernel/Permissions.h"
#include "kernel/PublishMeter.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace gnatsd::kernel {

struct SessionUser {
    std::string nonce;  // of the first INFO
    std::string name;
    std::shared_ptr<const Permissions> permissions;  // null: everything
    std::shared_ptr<const AuthTicket> ticket;
    bool noWildcards = false;
    PublishMeter meter;
    std::optional<std::chrono::system_clock::time_point> expires;  // nothing: never
    /// AuthGate::version() that the answer in force was asked at.
    std::uint32_t version = kNotAnswered;

    static constexpr std::uint32_t kNotAnswered = UINT32_MAX;
};

}  // namespace gnatsd::kernel
