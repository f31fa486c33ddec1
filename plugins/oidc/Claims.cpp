#include "plugins/oidc/Claims.h"

#include "plugins/common/JsonAccess.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace gnatsd::oidc {

namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Object;

/// `name` as it is, or as a path: `realm_access.roles`. Empty when there is no such claim.
Var find(const Object& claims, const std::string& name) {
    if (claims.has(name)) {
        return claims.get(name);
    }
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
        return {};
    }
    const Object::Ptr inner = common::asObject(claims.get(name.substr(0, dot)));
    return inner.isNull() ? Var() : find(*inner, name.substr(dot + 1));
}

std::string requireText(const Object& claims, const std::string& name) {
    const Var value = find(claims, name);
    std::string text = value.isString() ? value.extract<std::string>() : std::string();
    if (text.empty()) {
        throw Poco::DataFormatException("the token has no text as claim " + name);
    }
    return text;
}

/// What either allows, but for what either denies.
void unite(sdk::SubjectRules& rules, const sdk::SubjectRules& more) {
    if (rules.allow && more.allow) {
        rules.allow->insert(rules.allow->end(), more.allow->begin(), more.allow->end());
    } else {
        rules.allow.reset();
    }
    rules.deny.insert(rules.deny.end(), more.deny.begin(), more.deny.end());
}

void unite(std::optional<sdk::ResponseRule>& rule, const std::optional<sdk::ResponseRule>& more) {
    if (!rule || !more) {
        rule = rule ? rule : more;
        return;
    }
    const bool isAny = rule->maxMessages < 0 || more->maxMessages < 0;
    rule->maxMessages = isAny ? -1 : std::max(rule->maxMessages, more->maxMessages);
    rule->expires = std::max(rule->expires, more->expires);
}

}  // namespace

sdk::AuthResult Claims::grant(const Object& claims) const {
    try {
        std::string user = requireText(claims, settings_->userClaim);
        std::string account;
        if (!settings_->accountClaim.empty()) {
            account = requireText(claims, settings_->accountClaim);
        }
        return sdk::AuthResult::accept(std::move(user), rulesOf(claims), std::move(account));
    } catch (const Poco::DataFormatException& error) {
        return sdk::AuthResult::reject(error.message());
    }
}

Claims::Rules Claims::rulesOf(const Object& claims) const {
    if (!settings_->permissionsClaim.empty()) {
        const Var value = find(claims, settings_->permissionsClaim);
        if (!value.isEmpty()) {
            return common::readRules(value);
        }
        if (settings_->roles.empty()) {
            throw Poco::DataFormatException("the token has no claim " +
                                            settings_->permissionsClaim);
        }
    }
    if (settings_->roles.empty()) {
        return nullptr;
    }
    std::set<std::string> roles;
    const Var value = find(claims, settings_->rolesClaim);
    for (const std::string& role :
         value.isEmpty() ? std::vector<std::string>()
                         : common::readTexts(value, "claim " + settings_->rolesClaim)) {
        if (settings_->roles.contains(role)) {
            roles.insert(role);
        }
    }
    if (roles.empty()) {
        throw Poco::DataFormatException("the token has none of the roles that may connect");
    }
    return rulesForRoles(roles);
}

Claims::Rules Claims::rulesForRoles(const std::set<std::string>& roles) const {
    if (roles.size() == 1) {
        return settings_->roles.at(*roles.begin());
    }
    const std::scoped_lock lock(mutex_);
    if (const auto found = known_.find(roles); found != known_.end()) {
        return found->second;
    }
    const auto united =
        std::make_shared<sdk::PermissionRules>(*settings_->roles.at(*roles.begin()));
    for (auto role = std::next(roles.begin()); role != roles.end(); ++role) {
        const sdk::PermissionRules& more = *settings_->roles.at(*role);
        unite(united->publish, more.publish);
        unite(united->subscribe, more.subscribe);
        unite(united->responses, more.responses);
    }
    if (known_.size() >= kMostSets) {
        known_.clear();
    }
    known_.emplace(roles, united);
    return united;
}

}  // namespace gnatsd::oidc
