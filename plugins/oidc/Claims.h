// Claims: what the claims of a verified token mean for the session: user, account, permissions.
//
// Threads: any; the lock is a leaf.
// Lifetime: shares the settings.

#pragma once

#include "plugins/oidc/Settings.h"
#include <gnatsd/Authenticator.h>

#include <Poco/JSON/Object.h>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace gnatsd::oidc {

class Claims {
public:
    explicit Claims(std::shared_ptr<const Settings> settings) : settings_(std::move(settings)) {}

    /// Accepts, or rejects when a claim is missing or makes no sense.
    sdk::AuthResult grant(const Poco::JSON::Object& claims) const;

private:
    using Rules = std::shared_ptr<const sdk::PermissionRules>;

    static constexpr std::size_t kMostSets = 1024;

    Rules rulesOf(const Poco::JSON::Object& claims) const;
    Rules rulesForRoles(const std::set<std::string>& roles) const;

    const std::shared_ptr<const Settings> settings_;

    mutable std::mutex mutex_;
    mutable std::map<std::set<std::string>, Rules> known_;  // the same rules for the same roles
};

}  // namespace gnatsd::oidc
