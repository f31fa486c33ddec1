// Upgrade: the contexts in use, by listener, as the services StreamUpgrade and StatsSource: its
// page tells for how many days their certificates are still good.
//
// Threads: any. Lifetime: shared by the plug-in and those who use the services.

#pragma once

#include "kernel/Mutex.h"
#include "transports/reactor/StreamUpgrade.h"
#include "transports/tls/TlsContext.h"
#include <gnatsd/StatsSource.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::tls {

using ContextPtr = std::shared_ptr<const TlsContext>;

/// By listener; "": the client port itself.
using Contexts = std::map<std::string, ContextPtr, std::less<>>;

class Upgrade final : public reactor::StreamUpgrade, public sdk::StatsSource {
public:
    explicit Upgrade(Contexts contexts) : contexts_(std::move(contexts)) {}

    std::shared_ptr<const reactor::Security> security(std::string_view listener) const override
        GNATSD_EXCLUDES(mutex_);

    /// {"certificates": [{"listener": "", "cert_file": "c.pem", "days_left": 59}]}; a negative
    /// number: it has expired.
    sdk::StatsPage page(const sdk::StatsQuery& query) const override;

    Contexts contexts() const GNATSD_EXCLUDES(mutex_);
    void set(Contexts next) GNATSD_EXCLUDES(mutex_);
    /// False: another has taken the place of `before`, and stays.
    bool replace(const std::string& listener, const ContextPtr& before, ContextPtr next)
        GNATSD_EXCLUDES(mutex_);

private:
    mutable kernel::Mutex mutex_;
    Contexts contexts_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::tls
