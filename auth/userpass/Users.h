// Users: who may connect with a name and a password, from the single user of the authorization
// block, from its `users` list and from the lists of accounts.
//
// Threads: constant after read(), so any.

#pragma once

#include "auth/common/Access.h"
#include "auth/common/PasswordCheck.h"
#include "auth/common/SecretString.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/Plugin.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gnatsd::auth::userpass {

struct User {
    common::SecretString password;
    common::Access access;
};

class Users {
public:
    /// Throws what is wrong (OPT-68, OPT-69, OPT-155).
    static std::shared_ptr<const Users> read(const sdk::Config& config);

    /// Whether nobody is asked for a password. An empty list asks everybody and knows nobody.
    bool empty() const noexcept { return users_.empty() && !hasEmptyList_; }

    /// Null for a name that is not listed. Cost: the same for any number of users.
    const User* find(std::string_view name) const;

    /// A user that a certificate names; AU-71 says in which order they are tried. Empty when there
    /// is none.
    std::string nameOf(const sdk::ConnectRequest& request) const;

    /// The name that clients without credentials go by; empty: they may not connect (OPT-155).
    const std::string& noAuthUser() const noexcept { return noAuthUser_; }

    /// What to check the passwords of unknown users against, so that the time it takes does not
    /// tell which users there are: a hash of nothing at the cost of the users' own; empty when
    /// these are plain text.
    const common::SecretString& decoy() const noexcept { return decoy_; }

    /// Throws Poco::InvalidArgumentException for a password that nobody can check.
    void require(const common::PasswordCheck& check) const;

    /// Whether some password is plain text (OPT-72).
    bool hasPlainPassword(const common::PasswordCheck& check) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };

    void add(const sdk::Config& config, const common::UserEntry& entry,
             const std::string& passwordKey);
    void readEmptyLists(const sdk::Config& config);
    void readSingleUser(const sdk::Config& config);
    void readNoAuthUser(const sdk::Config& config);
    void indexSubject(const std::string& name);

    std::unordered_map<std::string, User, Hash, std::equal_to<>> users_;
    // Names that are subjects of certificates, as comparable(); empty: it would fit several.
    std::unordered_map<std::string, std::string> subjects_;
    std::unordered_map<std::string, std::string> subjectsInAnyOrder_;
    bool hasEmptyList_ = false;
    std::string noAuthUser_;
    common::SecretString decoy_;
};

}  // namespace gnatsd::auth::userpass
