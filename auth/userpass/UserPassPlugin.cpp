// Lets clients in by name and password: one user, a list of users, users of accounts.
//
// Configuration: `user` and `password`, or `users.N.user` and `.password`; `accounts.N.name` with
// `accounts.N.users.N`; `no_auth_user`. What else an entry may say is in auth/common/Access.h.

#include "auth/common/AuthenticatorPlugin.h"
#include "auth/common/UserEntries.h"
#include "auth/userpass/Users.h"
#include <gnatsd/Current.h>

#include <memory>
#include <utility>

using namespace gnatsd;
using auth::common::PasswordCheck;
using auth::userpass::User;
using auth::userpass::Users;

namespace {

bool hasNoCredentials(const sdk::ConnectRequest& request) {
    return request.user.empty() && request.password.empty() && request.token.empty() &&
           request.nkey.empty() && request.signature.empty() && request.jwt.empty();
}

class UserPass final : public sdk::Authenticator {
public:
    using Settings = Users;
    static constexpr const char* kName = "userpass";
    static constexpr int kRank = 30;  // after those that look at tokens and nkeys

    explicit UserPass(const sdk::ServiceRegistry& registry) : check_(registry) {}

    static std::shared_ptr<const Users> read(const sdk::Config& config) {
        return Users::read(config);
    }
    static bool isEmpty(const Users& users) { return users.empty(); }
    static void require(const Users& users, const PasswordCheck& check) { users.require(check); }

    void set(std::shared_ptr<const Users> users) { users_.set(std::move(users)); }
    std::shared_ptr<const Users> users() const { return users_.get(); }

    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        const std::shared_ptr<const Users> users = users_.get();
        if (request.tlsMaps) {
            return map(*users, request);
        }
        if (hasNoCredentials(request) && !users->noAuthUser().empty()) {  // AU-15
            return users->find(users->noAuthUser())->access.grant(users->noAuthUser(), request);
        }
        if (request.user.empty()) {
            return auth::common::abstain("no user given");
        }
        const User* user = users->find(request.user);
        if (user == nullptr) {
            check_.matches(users->decoy(), request.password);
            return auth::common::abstain("unknown user");
        }
        if (!check_.matches(user->password, request.password)) {
            return sdk::AuthResult::reject("wrong password");
        }
        return user->access.grant(request.user, request);
    }

    sdk::Cost cost(const sdk::ConnectRequest& request) const override {
        const std::shared_ptr<const Users> users = users_.get();
        if (request.user.empty() || request.tlsMaps) {
            return sdk::Cost::fast;
        }
        const User* user = users->find(request.user);
        return check_.cost(user == nullptr ? users->decoy() : user->password, request.password);
    }

private:
    /// The certificate is the password (AU-71).
    static sdk::AuthResult map(const Users& users, const sdk::ConnectRequest& request) {
        const std::string name = users.nameOf(request);
        if (name.empty()) {
            std::string seen;
            for (const std::string& one : request.tlsNames) {
                seen += auth::common::quoted(one) + " ";
            }
            return auth::common::abstain("User in cert [" + seen +
                                         auth::common::quoted(request.tlsSubject) + "], not found");
        }
        return users.find(name)->access.grant(name, request);
    }

    const PasswordCheck check_;
    sdk::Current<Users> users_;
};

class UserPassPlugin final : public auth::common::AuthenticatorPlugin<UserPass> {
public:
    void open() override {
        // Only now have all started who might claim a password.
        if (service().users()->hasPlainPassword(check())) {
            logger().warning("Plaintext passwords detected, use nkeys or bcrypt");  // OPT-72
        }
    }
};

}  // namespace

GNATSD_PLUGIN(UserPassPlugin, "userpass", GNATSD_VERSION, sdk::RunLevel::auth)
