// Broker: the one object that ties the kernel's shared state together for a process.
//
// Threads: any, except where noted. Lifetime: outlives every session and reactor.

#pragma once

#include "kernel/Account.h"
#include "kernel/AuthGate.h"
#include "kernel/Limits.h"
#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "kernel/PeerIdentity.h"
#include "kernel/ServerInfo.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
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

    /// The limits in force. What was answered stays valid, but not in force (CP-175 and others).
    const Limits& limits() const noexcept { return *limits_.load(std::memory_order_acquire); }
    /// Puts others in force. Sessions hear of it by Protocol::onChange(), which is the caller's
    /// part.
    void setLimits(const Limits& limits) GNATSD_EXCLUDES(mutex_);
    Log& log() noexcept { return log_; }
    AuthGate* gate() noexcept { return gate_; }

    /// Whether clients may use message headers (OPT-158).
    bool headersAllowed() const noexcept { return headers_; }

    /// The account without a configured name, `$G`.
    Account& globalAccount() noexcept { return global_; }
    /// The account of that name; empty: the global one. Made when it is first asked for, and kept:
    /// names come from the configuration, so there are few.
    Account& account(std::string_view name) GNATSD_EXCLUDES(mutex_);

    /// One counter for clients and routes (CP-241); begins with 1.
    std::uint64_t nextConnectionId() noexcept { return nextId_.fetch_add(1) + 1; }

    /// Takes a place for a client, or answers false beyond max_connections (CP-164).
    bool enterClient() noexcept;
    void leaveClient() noexcept { clients_.fetch_sub(1); }
    std::uint32_t clients() const noexcept { return clients_.load(); }

    /// The INFO line for one connection; the nonce is left out when empty.
    std::string infoLine(std::uint64_t clientId, std::string_view clientIp, const TlsOffer& tls,
                         std::string_view nonce = {}) const GNATSD_EXCLUDES(mutex_);
    ServerInfo info() const GNATSD_EXCLUDES(mutex_);
    /// Grows whenever INFO changes, before the change can be read.
    std::uint32_t infoVersion() const noexcept { return infoVersion_.load(); }
    /// What INFO names instead of the address listened on (OPT-141); nothing: that address.
    void setAdvertised(std::optional<ClientAddress> address) GNATSD_EXCLUDES(mutex_);
    /// Whether clients without credentials are some user (OPT-155), so that INFO asks for none.
    void setAnonymous(bool allowed) GNATSD_EXCLUDES(mutex_);
    /// From now on INFO says that this server is going away (CP-155).
    void enterLameDuck() GNATSD_EXCLUDES(mutex_);
    /// A listener was bound; the first one is what INFO names.
    void addClientAddress(ClientAddress address) GNATSD_EXCLUDES(mutex_);
    std::vector<ClientAddress> clientAddresses() const GNATSD_EXCLUDES(mutex_);

    bool authRequired() const noexcept { return gate_ != nullptr && gate_->required(); }

private:
    bool isAdvertised() const GNATSD_EXCLUDES(mutex_);
    ServerInfo& change() GNATSD_REQUIRES(mutex_);
    void nameAddress() GNATSD_REQUIRES(mutex_);

    const bool headers_;
    Log& log_;
    AuthGate* const gate_;
    Account global_;
    std::atomic<std::uint64_t> nextId_{0};
    std::atomic<std::uint32_t> clients_{0};

    mutable Mutex mutex_;
    bool anonymous_ GNATSD_GUARDED_BY(mutex_) = false;
    std::deque<Account> accounts_ GNATSD_GUARDED_BY(mutex_);
    ServerInfo info_ GNATSD_GUARDED_BY(mutex_);
    std::vector<ClientAddress> addresses_ GNATSD_GUARDED_BY(mutex_);
    std::optional<ClientAddress> advertised_ GNATSD_GUARDED_BY(mutex_);
    // All that were ever in force, so that nobody needs a lock to read those that are.
    std::deque<Limits> everyLimits_ GNATSD_GUARDED_BY(mutex_);
    std::atomic<const Limits*> limits_;
    std::atomic<std::uint32_t> infoVersion_{0};
};

}  // namespace gnatsd::kernel
