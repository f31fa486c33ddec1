#include "transports/tls/Upgrade.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>
#include <utility>

namespace gnatsd::tls {

std::shared_ptr<const reactor::Security> Upgrade::security(std::string_view listener) const {
    const kernel::MutexLock lock(mutex_);
    const auto found = contexts_.find(listener);
    return found == contexts_.end() ? nullptr : found->second;
}

sdk::StatsPage Upgrade::page(const sdk::StatsQuery&) const {
    Poco::JSON::Array certificates;
    for (const auto& [listener, context] : contexts()) {
        Poco::JSON::Object certificate(Poco::JSON_PRESERVE_KEY_ORDER);
        certificate.set("listener", listener);
        certificate.set("cert_file", context->settings().certFile);
        certificate.set("days_left", context->daysLeft());
        certificates.add(certificate);
    }
    Poco::JSON::Object page;
    page.set("certificates", certificates);
    std::ostringstream text;
    page.stringify(text, 2);
    sdk::StatsPage answer;
    answer.body = text.str();
    return answer;
}

Contexts Upgrade::contexts() const {
    const kernel::MutexLock lock(mutex_);
    return contexts_;
}

void Upgrade::set(Contexts next) {
    const kernel::MutexLock lock(mutex_);
    contexts_ = std::move(next);
}

bool Upgrade::replace(const std::string& listener, const ContextPtr& before, ContextPtr next) {
    const kernel::MutexLock lock(mutex_);
    const auto found = contexts_.find(listener);
    const bool holds = found != contexts_.end() && found->second == before;
    if (holds) {
        found->second = std::move(next);
    }
    return holds;
}

}  // namespace gnatsd::tls
