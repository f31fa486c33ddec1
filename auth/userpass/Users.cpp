#include "auth/userpass/Users.h"

#include "auth/common/BcryptForm.h"
#include "auth/common/UserEntries.h"
#include "auth/userpass/DistinguishedName.h"

#include <algorithm>
#include <utility>

namespace gnatsd::auth::userpass {

std::shared_ptr<const Users> Users::read(const sdk::Config& config) {
    const auto users = std::make_shared<Users>();
    users->readSingleUser(config);
    common::forEachUser(config, [&](const common::UserEntry& entry) {
        if (!entry.isNkey) {
            users->add(config, entry, entry.key + ".password");
        }
    });
    users->readEmptyLists(config);
    users->readNoAuthUser(config);
    return users;
}

const User* Users::find(std::string_view name) const {
    const auto found = users_.find(name);
    return found == users_.end() ? nullptr : &found->second;
}

std::string Users::nameOf(const sdk::ConnectRequest& request) const {
    for (const std::string& name : request.tlsNames) {
        if (find(name) != nullptr) {
            return name;
        }
    }
    if (find(request.tlsSubject) != nullptr) {
        return std::string(request.tlsSubject);
    }
    for (const auto& [index, order] :
         {std::pair(&subjects_, Order::asWritten), std::pair(&subjectsInAnyOrder_, Order::any)}) {
        const auto found = index->find(comparable(request.tlsSubject, order));
        if (found != index->end() && !found->second.empty()) {
            return found->second;
        }
    }
    return {};
}

void Users::indexSubject(const std::string& name) {
    for (auto* index : {&subjects_, &subjectsInAnyOrder_}) {
        const Order order = index == &subjects_ ? Order::asWritten : Order::any;
        const std::string subject = comparable(name, order);
        if (subject.empty()) {
            return;
        }
        const auto [place, isNew] = index->try_emplace(subject, name);
        if (!isNew) {
            place->second.clear();
        }
    }
}

void Users::require(const common::PasswordCheck& check) const {
    for (const auto& [name, user] : users_) {
        check.require(user.password, "the password of user " + common::quoted(name));
    }
}

bool Users::hasPlainPassword(const common::PasswordCheck& check) const {
    return std::any_of(users_.begin(), users_.end(),
                       [&](const auto& entry) { return check.isPlain(entry.second.password); });
}

void Users::add(const sdk::Config& config, const common::UserEntry& entry,
                const std::string& passwordKey) {
    User user{common::readSecret(config, passwordKey), {}};
    if (!entry.key.empty()) {
        user.access = common::Access::read(config, entry);
    }
    const std::string_view password = user.password.text();
    if (decoy_.empty() && common::looksLikeBcrypt(password)) {
        decoy_ = common::SecretString(std::string(password.substr(0, 7)) + std::string(53, '.'));
    }
    if (!users_.try_emplace(entry.name, std::move(user)).second) {  // OPT-68
        sdk::refuseSetting(config, entry.key + ".user",
                           "Duplicate user " + common::quoted(entry.name) + " detected");
    }
    indexSubject(entry.name);
}

void Users::readSingleUser(const sdk::Config& config) {
    common::UserEntry single;
    single.name = common::valueOf(config, "user");
    if (single.name.empty()) {
        if (!common::readSecret(config, "password").empty()) {  // OPT-69
            sdk::refuseSetting(config, "password",
                               "a password without a user would let everybody in; name the user");
        }
        return;
    }
    if (common::hasUsers(config)) {  // OPT-68
        sdk::refuseSetting(config, "users", "Can not have a single user/pass and a users array");
    }
    add(config, single, "password");
}

/// A list without entries has a value of its own, the empty text.
void Users::readEmptyLists(const sdk::Config& config) {
    hasEmptyList_ = config.has("users");
    common::forEachAccount(config, [&](const common::UserEntry& account) {
        hasEmptyList_ = hasEmptyList_ || config.has(account.accountKey + ".users");
    });
}

void Users::readNoAuthUser(const sdk::Config& config) {
    noAuthUser_ = common::valueOf(config, "no_auth_user");
    if (noAuthUser_.empty()) {
        return;
    }
    const std::string what = "no_auth_user: " + common::quoted(noAuthUser_);
    if (users_.empty()) {  // OPT-11
        sdk::refuseSetting(config, "no_auth_user", what + " present, but users are not defined");
    }
    if (find(noAuthUser_) == nullptr) {  // AU-5
        sdk::refuseSetting(
            config, "no_auth_user",
            what + " not present as user in authorization block or account configuration");
    }
}

}  // namespace gnatsd::auth::userpass
