#include "plugins/oidc/Settings.h"

#include "plugins/common/JsonAccess.h"
#include "plugins/common/Settings.h"

#include <Poco/Exception.h>

namespace gnatsd::oidc {

using common::readDuration;
using common::readText;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kShortestInterval{10};
constexpr milliseconds kLongestSkew = std::chrono::minutes(10);

}  // namespace

std::shared_ptr<const Settings> Settings::read(const sdk::Config& config) {
    const auto settings = std::make_shared<Settings>();
    settings->jwksFile = common::requireText(config, "jwks_file");
    settings->checkInterval = readDuration(config, "check_interval", settings->checkInterval);
    if (settings->checkInterval < kShortestInterval) {
        sdk::refuseSetting(config, "check_interval", "check_interval is at least 10ms");
    }
    settings->issuer = common::requireText(config, "issuer");
    settings->audiences = common::readList(config, "audience");
    if (settings->audiences.empty()) {
        sdk::refuseSetting(config, "audience", "the setting audience is missing");
    }
    const milliseconds skew = readDuration(config, "skew", settings->skew);
    if (skew > kLongestSkew) {
        sdk::refuseSetting(config, "skew", "skew is at most 10m");
    }
    settings->skew = std::chrono::duration_cast<std::chrono::seconds>(skew);
    settings->userClaim = readText(config, "user_claim", "sub");
    settings->accountClaim = readText(config, "account_claim");
    settings->rolesClaim = readText(config, "roles_claim", "roles");
    settings->permissionsClaim = readText(config, "permissions_claim");
    settings->rank = static_cast<int>(common::readCount(config, "rank", 5, -1000, 1000));
    settings->readAlgorithms(config);
    settings->readRoles(config);
    return settings;
}

void Settings::readAlgorithms(const sdk::Config& config) {
    for (const std::string& name : common::readList(config, "algorithms")) {
        if (name != "RS256" && name != "ES256") {
            sdk::refuseSetting(config, "algorithms", "algorithms are RS256 and ES256");
        }
        algorithms.insert(name);
    }
    if (algorithms.empty()) {
        algorithms = {"RS256", "ES256"};
    }
}

/// A list, because the names of roles may hold dots.
void Settings::readRoles(const sdk::Config& config) {
    for (int number = 0;; ++number) {
        const std::string key = "roles." + std::to_string(number);
        const std::string name = readText(config, key + ".role");
        if (name.empty()) {
            sdk::Config::Keys parts;
            config.keys(key, parts);
            if (!parts.empty()) {
                sdk::refuseSetting(config, key + ".role", "a role has no name");
            }
            break;
        }
        try {
            if (!roles
                     .emplace(name, common::readRules(common::toJson(config, key + ".permissions")))
                     .second) {
                throw Poco::DataFormatException("is there twice");
            }
        } catch (const Poco::DataFormatException& error) {
            sdk::refuseSetting(config, key + ".role", "role " + name + ": " + error.message());
        }
    }
    if (roles.empty() && config.has("roles")) {
        sdk::refuseSetting(config, "roles", "roles is a list of maps with role and permissions");
    }
}

}  // namespace gnatsd::oidc
