#include "auth/common/Access.h"

#include <Poco/NumberParser.h>
#include <Poco/String.h>

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <utility>

namespace gnatsd::auth::common {

namespace {

/// Kinds that exist elsewhere: a list may name them, and nobody comes over them here.
constexpr std::string_view kForeign[] = {"LEAFNODE", "LEAFNODE_WS", "MQTT", "MQTT_WS"};

std::uint32_t readCount(const sdk::Config& config, const std::string& key) {
    unsigned count = 0;
    if (config.has(key) && !Poco::NumberParser::tryParseUnsigned(config.getRawString(key), count)) {
        sdk::refuseSetting(config, key, "expected a number of 0 or more");
    }
    return count;
}

bool readFlag(const sdk::Config& config, const std::string& key) {
    const std::string text = valueOf(config, key);
    if (!text.empty() && text != "true" && text != "false") {
        sdk::refuseSetting(config, key, "expected true or false");
    }
    return text == "true";
}

bool isNetwork(const std::string& text) {
    const std::size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    in6_addr bytes{};
    unsigned most = 0;
    if (::inet_pton(AF_INET, address.c_str(), &bytes) == 1) {
        most = 32;
    } else if (::inet_pton(AF_INET6, address.c_str(), &bytes) == 1) {
        most = 128;
    } else {
        return false;
    }
    unsigned bits = 0;
    return slash == std::string::npos ||
           (Poco::NumberParser::tryParseUnsigned(text.substr(slash + 1), bits) && bits <= most);
}

std::vector<std::string> readNetworks(const sdk::Config& config, const std::string& key) {
    std::vector<std::string> networks;
    for (int number = 0;; ++number) {
        const std::string item = key + "." + std::to_string(number);
        const std::string text = valueOf(config, item);
        if (text.empty()) {
            return networks;
        }
        if (!isNetwork(text)) {
            sdk::refuseSetting(config, item,
                               quoted(text) + " is no address and no network; \"10.0.0.0/8\" is");
        }
        networks.push_back(text);
    }
}

std::shared_ptr<const sdk::UserLimits> readLimits(const sdk::Config& config,
                                                  const UserEntry& entry) {
    sdk::UserLimits limits;
    if (entry.mentions("max_connections")) {
        limits.maxConnections = readCount(config, entry.key + ".max_connections");
    }
    if (entry.mentions("allow_from")) {
        limits.allowFrom = readNetworks(config, entry.key + ".allow_from");
        if (limits.allowFrom.empty()) {  // which would mean: from everywhere
            sdk::refuseSetting(config, entry.key + ".allow_from", "allow_from names no address");
        }
    }
    if (entry.mentions("no_wildcards")) {
        limits.noWildcards = readFlag(config, entry.key + ".no_wildcards");
    }
    if (entry.mentions("publish_rate")) {
        limits.publishRate = readCount(config, entry.key + ".publish_rate");
        limits.publishBurst = readCount(config, entry.key + ".publish_burst");
    }
    const bool isLimited = limits.maxConnections != 0 || !limits.allowFrom.empty() ||
                           limits.noWildcards || limits.publishRate != 0;
    return isLimited ? std::make_shared<const sdk::UserLimits>(std::move(limits)) : nullptr;
}

}  // namespace

Access Access::read(const sdk::Config& config, const UserEntry& entry) {
    Access access;
    access.account_ = entry.account;
    if (entry.mentions("allowed_connection_types")) {
        access.readTypes(config, entry.key + ".allowed_connection_types");
    }
    access.limits_ = readLimits(config, entry);
    return access;
}

sdk::AuthResult Access::grant(std::string_view user, const sdk::ConnectRequest& request) const {
    if (!allows(request.transport)) {
        return sdk::AuthResult::reject("the user may not come over this kind of connection");
    }
    return sdk::AuthResult::accept(std::string(user), nullptr, account_, limits_);
}

void Access::readTypes(const sdk::Config& config, const std::string& key) {
    std::string unknown;
    for (int number = 0;; ++number) {
        const std::string word = valueOf(config, key + "." + std::to_string(number));
        if (word.empty()) {
            break;
        }
        anyType_ = false;
        const std::string upper = Poco::toUpper(word);
        if (upper == "STANDARD") {
            standard_ = true;
        } else if (upper == "WEBSOCKET") {
            websocket_ = true;
        } else if (std::find(std::begin(kForeign), std::end(kForeign), upper) ==
                   std::end(kForeign)) {
            unknown += (unknown.empty() ? "" : " ") + quoted(word);
        }
    }
    if (!unknown.empty()) {
        sdk::refuseSetting(config, key + ".0", "invalid connection types [" + unknown + "]");
    }
}

bool Access::allows(std::string_view transport) const noexcept {
    return anyType_ || (transport.starts_with("ws") ? websocket_ : standard_);
}

}  // namespace gnatsd::auth::common
