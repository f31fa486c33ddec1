// Lets clients in with a bearer token (JWT) of an OpenID Connect issuer.
//
//     plugins {
//       load: [oidc]
//       oidc {
//         jwks_file: "/etc/gnatsd/jwks.json"     the issuer's public keys
//         check_interval: 1s                     how often to look whether the file has changed
//         issuer: "https://login.example.com/"   claim iss
//         audience: "nats"                       claim aud; a list: one of them must be there
//         algorithms: [RS256, ES256]             no others exist here
//         skew: 30s                              between the clocks
//         user_claim: "sub"
//         account_claim: "tenant"                default: everybody is in the default account
//         permissions_claim: "nats"              default: none
//         roles_claim: "realm_access.roles"      default: roles
//         roles: [
//           {role: "sensor", permissions {publish: "data.>", subscribe: []}}
//           {role: "viewer", permissions {publish: [], subscribe: ["data.>", "_INBOX.>"]}}
//         ]
//         rank: 5                                those of the file (10 to 30) are asked after it
//       }
//     }
//
// README.md says how claims become permissions. A session ends when its token does. A duration
// without a unit is in seconds.
// Threads: checks run on the host's fast workers (0.1 ms each); one thread looks at the file.

#include "plugins/common/FileWatch.h"
#include "plugins/common/Secret.h"
#include "plugins/oidc/Claims.h"
#include "plugins/oidc/KeySet.h"
#include "plugins/oidc/Settings.h"
#include "plugins/oidc/Token.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/Current.h>
#include <gnatsd/Plugin.h>

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

using namespace gnatsd;
using common::FileStamp;
using oidc::Claims;
using oidc::KeySet;
using oidc::Settings;

namespace {

/// Settings, and what is made of them.
struct Rules {
    explicit Rules(const sdk::Config& config)
        : settings(Settings::read(config)), claims(settings) {}

    const std::shared_ptr<const Settings> settings;
    const Claims claims;
};

struct Loaded {
    explicit Loaded(const sdk::Config& config)
        : rules(std::make_shared<const Rules>(config)),
          stamp(FileStamp::of(rules->settings->jwksFile)),
          keys(KeySet::read(rules->settings->jwksFile)) {}

    std::shared_ptr<const Rules> rules;
    FileStamp stamp;
    std::shared_ptr<const KeySet> keys;
};

class Oidc final : public sdk::Authenticator {
public:
    void setRules(std::shared_ptr<const Rules> rules) { rules_.set(std::move(rules)); }
    void setKeys(std::shared_ptr<const KeySet> keys) {
        keys_.set(std::move(keys));
        areKeysOld_ = false;
    }
    /// The file has others by now, which nobody knows.
    void keepKeys() { areKeysOld_ = true; }

    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        for (const std::string_view text : {request.jwt, request.token, request.password}) {
            if (oidc::looksLikeToken(text)) {
                return judge(text);
            }
        }
        return sdk::AuthResult::abstain("no bearer token");
    }

    sdk::Cost cost(const sdk::ConnectRequest&) const override { return sdk::Cost::fast; }

private:
    sdk::AuthResult judge(std::string_view text) const {
        const std::shared_ptr<const Rules> rules = rules_.get();
        std::string token(text);
        const oidc::Verified verified =
            oidc::verify(token, *keys_.get(), *rules->settings, std::chrono::system_clock::now());
        common::wipe(token);
        if (verified.isKeyUnknown && areKeysOld_) {
            return sdk::AuthResult::unavailable(verified.reason + ", and the key file is unusable");
        }
        if (!verified.claims) {
            return sdk::AuthResult::reject(verified.reason);
        }
        sdk::AuthResult result = rules->claims.grant(*verified.claims);
        result.expires = verified.expires;
        return result;
    }

    sdk::Current<Rules> rules_;
    sdk::Current<KeySet> keys_;
    std::atomic<bool> areKeysOld_{false};
};

class OidcPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override {
        loaded_ = std::make_unique<Loaded>(config);
    }

    void start(sdk::PluginContext& context) override {
        logger_ = &context.logger();
        rank_ = loaded_->rules->settings->rank;
        service_ = std::make_shared<Oidc>();
        watch_ = std::make_unique<common::FileWatch>(
            [this](const std::string& path) { return load(path); });
        use(*loaded_);
        loaded_.reset();
        registration_ = context.registry().provide<sdk::Authenticator>("oidc", service_, rank_);
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        Loaded next(config);
        if (next.rules->settings->rank != rank_) {
            sdk::refuseSetting(config, "rank", "another rank needs a restart");
        }
        return sdk::whenApplied([this, next = std::move(next)] { use(next); });
    }

    void stop() override {
        watch_.reset();
        registration_.revoke();
    }

private:
    void use(const Loaded& loaded) {
        service_->setRules(loaded.rules);
        service_->setKeys(loaded.keys);
        const Settings& settings = *loaded.rules->settings;
        watch_->follow(settings.jwksFile, loaded.stamp, settings.checkInterval);
    }

    /// On the watch's thread.
    std::function<void()> load(const std::string& path) {
        try {
            return [this, path, keys = KeySet::read(path)] {
                service_->setKeys(keys);
                logger_->info(path + " has changed: " + std::to_string(keys->size()) + " keys");
            };
        } catch (const Poco::Exception& problem) {
            return unusable(problem.message());
        } catch (const std::exception& problem) {
            return unusable(path + ": " + problem.what());
        }
    }

    std::function<void()> unusable(const std::string& why) {
        return [this, why] {
            service_->keepKeys();
            logger_->warning(why + "; the keys of before stay");
        };
    }

    std::unique_ptr<Loaded> loaded_;  // between configure() and start()
    sdk::Logger* logger_ = nullptr;
    int rank_ = 0;
    std::shared_ptr<Oidc> service_;
    std::unique_ptr<common::FileWatch> watch_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(OidcPlugin, "oidc", "1.0.0", sdk::RunLevel::auth)
