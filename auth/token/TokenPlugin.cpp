// Lets clients in that know one shared token.
//
// Configuration: `token`, plain or a hash that some password verifier claims.

#include "auth/common/AuthenticatorPlugin.h"
#include "auth/common/SecretString.h"
#include "auth/common/UserEntries.h"
#include <gnatsd/Current.h>

#include <memory>
#include <utility>

using namespace gnatsd;
using auth::common::PasswordCheck;
using auth::common::SecretString;

namespace {

class Token final : public sdk::Authenticator {
public:
    using Settings = SecretString;
    static constexpr const char* kName = "token";
    static constexpr int kRank = 20;  // after nkeys and before users

    explicit Token(const sdk::ServiceRegistry& registry) : check_(registry) {}

    static std::shared_ptr<const SecretString> read(const sdk::Config& config) {
        auto token =
            std::make_shared<const SecretString>(auth::common::readSecret(config, "token"));
        if (!token->empty() && !auth::common::valueOf(config, "user").empty()) {  // OPT-68
            sdk::refuseSetting(config, "token", "Cannot have a user/pass and token");
        }
        if (!token->empty() && auth::common::hasUsers(config)) {
            sdk::refuseSetting(config, "token", "Can not have a token and a users array");
        }
        return token;
    }
    static bool isEmpty(const SecretString& token) { return token.empty(); }
    static void require(const SecretString& token, const PasswordCheck& check) {
        check.require(token, "the token");
    }

    void set(std::shared_ptr<const SecretString> token) { token_.set(std::move(token)); }

    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        const std::shared_ptr<const SecretString> token = token_.get();
        if (request.token.empty() || token->empty()) {
            return auth::common::abstain("no token given");
        }
        if (!check_.matches(*token, request.token)) {
            return auth::common::abstain("wrong token");
        }
        return sdk::AuthResult::accept({});  // AU-10: whatever the user
    }

    sdk::Cost cost(const sdk::ConnectRequest& request) const override {
        return request.token.empty() ? sdk::Cost::fast : check_.cost(*token_.get(), request.token);
    }

private:
    const PasswordCheck check_;
    sdk::Current<SecretString> token_;
};

class TokenPlugin final : public auth::common::AuthenticatorPlugin<Token> {};

}  // namespace

GNATSD_PLUGIN(TokenPlugin, "token", GNATSD_VERSION, sdk::RunLevel::auth)
