#include "auth/common/UserEntries.h"

#include <algorithm>
#include <utility>

namespace gnatsd::auth::common {

namespace {

/// Answers false behind the end of the list.
bool readEntry(const sdk::Config& config, UserEntry& entry) {
    entry.settings.clear();
    config.keys(entry.key, entry.settings);
    if (entry.settings.empty() && !config.has(entry.key)) {
        return false;
    }
    entry.isNkey = entry.mentions("nkey");
    if (entry.isNkey && (entry.mentions("user") || entry.mentions("password"))) {
        sdk::refuseSetting(config, entry.key + ".nkey",
                           "Nkey users do not take usernames or passwords");  // OPT-79
    }
    entry.name = valueOf(config, entry.key + (entry.isNkey ? ".nkey" : ".user"));
    if (entry.name.empty()) {
        sdk::refuseSetting(config, entry.key, "User entry requires a user");  // OPT-76
    }
    return true;
}

void forEachIn(const sdk::Config& config, const std::string& prefix, UserEntry entry,
               const std::function<void(const UserEntry&)>& call) {
    for (int number = 0;; ++number) {
        entry.key = prefix + std::to_string(number);
        if (!readEntry(config, entry)) {
            return;
        }
        call(entry);
    }
}

}  // namespace

bool UserEntry::mentions(std::string_view setting) const noexcept {
    return std::find(settings.begin(), settings.end(), setting) != settings.end();
}

void forEachUser(const sdk::Config& config, const std::function<void(const UserEntry&)>& call) {
    forEachIn(config, "users.", {}, call);
    forEachAccount(config, [&](const UserEntry& account) {
        forEachIn(config, account.accountKey + ".users.", account, call);
    });
}

void forEachAccount(const sdk::Config& config, const std::function<void(const UserEntry&)>& call) {
    for (int number = 0;; ++number) {
        UserEntry entry;
        entry.accountKey = "accounts." + std::to_string(number);
        entry.account = valueOf(config, entry.accountKey + ".name");
        if (entry.account.empty()) {
            return;
        }
        call(entry);
    }
}

bool hasUsers(const sdk::Config& config) {
    return config.has("users") || config.has("users.0.user") || config.has("users.0.nkey");
}

std::string valueOf(const sdk::Config& config, const std::string& key) {
    return config.getRawString(key, std::string());
}

std::string quoted(std::string_view name) {
    std::string text = "\"";
    text += name;
    return text += '"';
}

}  // namespace gnatsd::auth::common
