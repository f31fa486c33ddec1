#include "kernel/Broker.h"

#include <algorithm>
#include <utility>

namespace gnatsd::kernel {

Broker::Broker(const Limits& limits, ServerInfo info, Log& log, AuthGate* gate)
    : headers_(info.headers),
      log_(log),
      gate_(gate),
      global_("$G"),
      info_(std::move(info)),
      everyLimits_{limits},
      limits_(&everyLimits_.front()) {
    info_.maxPayload = limits.maxPayload;
}

void Broker::setLimits(const Limits& limits) {
    const MutexLock lock(mutex_);
    auto known = std::find(everyLimits_.begin(), everyLimits_.end(), limits);
    if (known == everyLimits_.end()) {
        known = everyLimits_.insert(everyLimits_.end(), limits);
    }
    limits_.store(&*known, std::memory_order_release);
    if (info_.maxPayload != limits.maxPayload) {
        change().maxPayload = limits.maxPayload;
    }
}

bool Broker::enterClient() noexcept {
    const std::uint32_t before = clients_.fetch_add(1);
    if (limits().maxConnections != 0 && before >= limits().maxConnections) {
        clients_.fetch_sub(1);
        return false;
    }
    return true;
}

Account& Broker::account(std::string_view name) {
    if (name.empty() || name == global_.name()) {
        return global_;
    }
    const MutexLock lock(mutex_);
    for (Account& account : accounts_) {
        if (account.name() == name) {
            return account;
        }
    }
    return accounts_.emplace_back(std::string(name));
}

std::string Broker::infoLine(std::uint64_t clientId, std::string_view clientIp, const TlsOffer& tls,
                             std::string_view nonce) const {
    ServerInfo copy = info();
    copy.tlsRequired = tls.required;
    copy.tlsAvailable = tls.available;
    copy.tlsVerify = tls.verify;
    if (tls.port != 0 && !isAdvertised()) {
        copy.port = tls.port;
    }
    copy.authRequired = authRequired() && copy.authRequired;
    return copy.line(clientId, clientIp, nonce);
}

ServerInfo Broker::info() const {
    const MutexLock lock(mutex_);
    ServerInfo copy = info_;
    copy.authRequired = !anonymous_;
    return copy;
}

void Broker::addClientAddress(ClientAddress address) {
    const MutexLock lock(mutex_);
    addresses_.push_back(std::move(address));
    nameAddress();
}

void Broker::setAdvertised(std::optional<ClientAddress> address) {
    const MutexLock lock(mutex_);
    advertised_ = std::move(address);
    nameAddress();
}

void Broker::setAnonymous(bool allowed) {
    const MutexLock lock(mutex_);
    if (anonymous_ != allowed) {
        change();
        anonymous_ = allowed;
    }
}

void Broker::enterLameDuck() {
    const MutexLock lock(mutex_);
    change().lameDuck = true;
}

ServerInfo& Broker::change() {
    infoVersion_.fetch_add(1);
    return info_;
}

void Broker::nameAddress() {
    if (addresses_.empty()) {
        return;
    }
    ClientAddress named = advertised_.value_or(addresses_.front());
    if (named.port == 0) {
        named.port = addresses_.front().port;
    }
    if (info_.host != named.host || info_.port != named.port) {
        ServerInfo& info = change();
        info.host = std::move(named.host);
        info.port = named.port;
    }
}

bool Broker::isAdvertised() const {
    const MutexLock lock(mutex_);
    return advertised_.has_value();
}

std::vector<ClientAddress> Broker::clientAddresses() const {
    const MutexLock lock(mutex_);
    return addresses_;
}

}  // namespace gnatsd::kernel
