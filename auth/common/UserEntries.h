// UserEntries: the `users` lists of the configuration, of the authorization block and of accounts,
// read in the same way by all who need them.
//
// Threads: main only, while plug-ins are configured.

#pragma once

#include <gnatsd/Plugin.h>

#include <functional>
#include <string>
#include <string_view>

namespace gnatsd::auth::common {

struct UserEntry {
    /// Whether the entry mentions that setting. Files may have 100,000 users, most of them with a
    /// name and a password: asking for all that there might be would take most of the start.
    bool mentions(std::string_view setting) const noexcept;

    std::string key;         // "users.3" or "accounts.0.users.3"
    std::string name;        // the user, or the public nkey
    bool isNkey = false;     // which of the two
    std::string account;     // empty: the default account
    std::string accountKey;  // "accounts.0", or empty
    sdk::Config::Keys settings;
};

/// Calls for each entry in the order of the file. Throws for an entry without a name (OPT-76) and
/// for one that has two kinds of name (OPT-79).
void forEachUser(const sdk::Config& config, const std::function<void(const UserEntry&)>& call);

/// Calls for each account, with `account` and `accountKey` filled in.
void forEachAccount(const sdk::Config& config, const std::function<void(const UserEntry&)>& call);

/// Whether the authorization block has a `users` list, whatever is in it.
bool hasUsers(const sdk::Config& config);

/// The value of that key as it stands, or nothing.
std::string valueOf(const sdk::Config& config, const std::string& key);

/// The name in quotes, as messages write it.
std::string quoted(std::string_view name);

}  // namespace gnatsd::auth::common
