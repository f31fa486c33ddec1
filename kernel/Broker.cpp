#include "kernel/Broker.h"

#include <utility>

namespace gnatsd::kernel {

Broker::Broker(const Limits& limits, ServerInfo info, Log& log, AuthGate* gate)
    : limits_(limits), log_(log), gate_(gate), global_("$G"), info_(std::move(info)) {
    info_.maxPayload = limits_.maxPayload;
}

bool Broker::enterClient() noexcept {
    const std::uint32_t before = clients_.fetch_add(1);
    if (limits_.maxConnections != 0 && before >= limits_.maxConnections) {
        clients_.fetch_sub(1);
        return false;
    }
    return true;
}

std::string Broker::infoLine(std::uint64_t clientId, std::string_view clientIp) const {
    ServerInfo copy = info();
    copy.authRequired = authRequired();
    return copy.line(clientId, clientIp, {});
}

ServerInfo Broker::info() const {
    const MutexLock lock(mutex_);
    return info_;
}

void Broker::addClientAddress(ClientAddress address) {
    const MutexLock lock(mutex_);
    if (addresses_.empty()) {
        info_.host = address.host;
        info_.port = address.port;
    }
    addresses_.push_back(std::move(address));
}

std::vector<ClientAddress> Broker::clientAddresses() const {
    const MutexLock lock(mutex_);
    return addresses_;
}

}  // namespace gnatsd::kernel
