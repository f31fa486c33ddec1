// Broker: the one object that ties the kernel's shared state together for a process.
//
// Threads: any, except where noted. Lifetime: outlives every session and reactor.

#pragma once

#include "kernel/Account.h"
#include "kernel/AuthGate.h"
#include "kernel/Limits.h"
#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "kernel/ServerInfo.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

/// Where clients can connect.
struct ClientAddress {
    std::string host;  // as configured
    std::uint16_t port = 0;
};

class Broker {
public:
    /// Under which the host offers it to plug-ins of this tree.
    static constexpr std::string_view kInterfaceId = "gnatsd.kernel.Broker/1";

    /// `gate` may be null: everybody may connect.
    Broker(const Limits& limits, ServerInfo info, Log& log, AuthGate* gate);

    const Limits& limits() const noexcept { return limits_; }
    Log& log() noexcept { return log_; }
    AuthGate* gate() noexcept { return gate_; }

    /// The account without a configured name, `$G`.
    Account& globalAccount() noexcept { return global_; }

    /// One counter for clients and routes (CP-241); begins with 1.
    std::uint64_t nextConnectionId() noexcept { return nextId_.fetch_add(1) + 1; }

    /// Takes a place for a client, or answers false beyond max_connections (CP-164).
    bool enterClient() noexcept;
    void leaveClient() noexcept { clients_.fetch_sub(1); }
    std::uint32_t clients() const noexcept { return clients_.load(); }

    /// The INFO line for one connection.
    std::string infoLine(std::uint64_t clientId, std::string_view clientIp) const
        GNATSD_EXCLUDES(mutex_);
    ServerInfo info() const GNATSD_EXCLUDES(mutex_);
    /// A listener was bound; the first one is what INFO names.
    void addClientAddress(ClientAddress address) GNATSD_EXCLUDES(mutex_);
    std::vector<ClientAddress> clientAddresses() const GNATSD_EXCLUDES(mutex_);

    bool authRequired() const noexcept { return gate_ != nullptr && gate_->required(); }

private:
    const Limits limits_;
    Log& log_;
    AuthGate* const gate_;
    Account global_;
    std::atomic<std::uint64_t> nextId_{0};
    std::atomic<std::uint32_t> clients_{0};

    mutable Mutex mutex_;
    ServerInfo info_ GNATSD_GUARDED_BY(mutex_);
    std::vector<ClientAddress> addresses_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::kernel
