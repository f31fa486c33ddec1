// Lets clients in whose name and password an LDAP server takes (simple bind).
//
//     plugins {
//       load: [ldap]
//       ldap {
//         url: "ldaps://ldap.example.com"      or ldap:// with start_tls: true, or ldapi://
//         start_tls: false
//         ca_file: "/etc/ssl/ldap-ca.pem"      default: the system's; always checked
//         timeout: "1500ms"                    for all that one client needs; less than the
//                                              server waits (authorization.timeout)
//         user_dn: "uid={user},ou=people,dc=example,dc=com"
//         account: "A"                         default: the default account
//         permissions {publish: "users.{user}.>", subscribe: "_INBOX.>"}
//       }
//     }
//
// Instead of user_dn, to search first:
//         base: "dc=example,dc=com"            everywhere below it
//         filter: "(&(objectClass=person)(uid={user}))"      must find exactly one entry
//         bind_dn: "cn=gnatsd,dc=example,dc=com"             both may be missing: anonymous search
//         bind_password: $LDAP_PASSWORD
//
// Names are escaped, so they cannot reach out of their place; an empty password is refused here, as
// servers take it for an anonymous client. The directory decides which names are the same: for most
// "Alice" is "alice". Users of the configuration file are asked before, so they come in also while
// the server is away; whoever is left for it is refused then, also whom a later authenticator would
// take. The log says so once, and the next client tries again.
// Threads: four of its own wait for the server; the host's workers never do.

#include "plugins/ldap/LoginPool.h"
#include "plugins/ldap/Settings.h"
#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/Plugin.h>

#include <memory>
#include <utility>

using namespace gnatsd;
using gnatsd::ldap::LoginPool;  // libldap has a struct of the same name
using gnatsd::ldap::Settings;

namespace {

constexpr int kRank = 50;  // after those of the file, who come in also while the server is away

class LdapUsers final : public sdk::AsyncAuthenticator {
public:
    explicit LdapUsers(std::shared_ptr<LoginPool> pool) : pool_(std::move(pool)) {}

    void authenticate(const sdk::ConnectRequest& request, sdk::AuthReply reply) const override {
        if (request.user.empty()) {
            reply(sdk::AuthResult::abstain("no user given"));
        } else if (request.password.empty()) {
            reply(sdk::AuthResult::abstain("an empty password"));
        } else {
            pool_->post(std::string(request.user), common::Secret(request.password),
                        std::move(reply));
        }
    }

private:
    const std::shared_ptr<LoginPool> pool_;  // shared with the plug-in
};

class LdapPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override {
        settings_ = std::make_shared<const Settings>(config);
    }

    void start(sdk::PluginContext& context) override {
        logger_ = &context.logger();
        warn(*settings_);
        pool_ = std::make_shared<LoginPool>(std::move(settings_), *logger_);
        registration_ = context.registry().provide<sdk::AsyncAuthenticator>(
            "ldap", std::make_shared<LdapUsers>(pool_), kRank);
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        return sdk::whenApplied([this, next = std::make_shared<const Settings>(config)] {
            warn(*next);
            pool_->use(next);
        });
    }

    void stop() override {
        registration_.revoke();
        pool_->stop();
        pool_.reset();
    }

private:
    void warn(const Settings& settings) {
        if (settings.isPlain()) {
            logger_->warning("passwords go to " + settings.url +
                             " unencrypted; use ldaps:// or start_tls");
        }
    }

    std::shared_ptr<const Settings> settings_;  // between configure() and start()
    sdk::Logger* logger_ = nullptr;
    std::shared_ptr<LoginPool> pool_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(LdapPlugin, "ldap", "1.0.0", sdk::RunLevel::auth)
