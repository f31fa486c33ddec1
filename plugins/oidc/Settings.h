// Settings: which tokens count, and what their claims mean, see OidcPlugin.cpp.
//
// Threads: constant after read(), so any.

#pragma once

#include <gnatsd/PermissionProvider.h>
#include <gnatsd/Plugin.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gnatsd::oidc {

struct Settings {
    /// Throws what is wrong.
    static std::shared_ptr<const Settings> read(const sdk::Config& config);

    std::string jwksFile;
    std::chrono::milliseconds checkInterval{1000};

    std::string issuer;
    std::vector<std::string> audiences;  // one of them
    std::set<std::string> algorithms;
    std::chrono::seconds skew{30};

    std::string userClaim;
    std::string accountClaim;      // empty: the default account
    std::string rolesClaim;        // looked at when there are roles
    std::string permissionsClaim;  // empty: not looked at
    std::map<std::string, std::shared_ptr<const sdk::PermissionRules>> roles;

    int rank = 5;

private:
    void readAlgorithms(const sdk::Config& config);
    void readRoles(const sdk::Config& config);
};

}  // namespace gnatsd::oidc
