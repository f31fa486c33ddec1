// Lets devices in that show a token made of their id, the time and a MAC over both (DeviceToken.h),
// in `auth_token` of CONNECT. Nothing has to be stored per device; who has the secret can make
// tokens for all of them, so devices get tokens from a service, or secrets of their own deployment.
//
//     plugins {
//       load: [devicetoken]
//       devicetoken {
//         secrets: [$NEW_SECRET, $OLD_SECRET]    texts of 16 bytes or more; any of them counts
//         max_age: "5m"       how long a token is good after its time; a week at most
//         clock_skew: "30s"   how far its time may lie in the future
//         single_use: true    a token is good for one connection; default: false
//         remember: 100000    most tokens that are remembered for single_use
//         end_sessions: true  a session ends when its token becomes too old; default: false
//         account: "A"        default: the default account
//         permissions {publish: "devices.{id}.>", subscribe: "commands.{id}"}
//       }
//     }
//
// To change the secret without a pause: put the new one in front of the old, reload, let devices
// change over, remove the old one, reload: that closes sessions of the old one. Otherwise a token
// is a proof for the moment of connecting, so a reload (HUP) closes nobody for its age or use.
// A token in the shell: T=dev7:$(date +%s); echo $T:$(printf %s $T | openssl dgst -sha256 -hmac
// "$SECRET" -r | cut -c1-64)
// Threads: checks run on the host's workers for fast checks; microseconds each.

#include "plugins/common/RuleTemplate.h"
#include "plugins/common/Secret.h"
#include "plugins/common/Settings.h"
#include "plugins/devicetoken/DeviceToken.h"
#include "plugins/devicetoken/ReplayTable.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/Current.h>
#include <gnatsd/Plugin.h>

#include <memory>
#include <utility>
#include <vector>

using namespace gnatsd;
using devicetoken::DeviceToken;
using devicetoken::ReplayTable;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::size_t kLeastSecret = 16;
constexpr std::chrono::hours kLongest{7 * 24};

std::vector<common::Secret> readSecrets(const sdk::Config& config) {
    std::vector<common::Secret> secrets;
    const auto add = [&](const std::string& key) {
        secrets.push_back(common::readSecret(config, key));
        if (secrets.back().text().size() < kLeastSecret) {
            sdk::refuseSetting(config, key, "a secret has at least 16 bytes");
        }
    };
    if (!common::readText(config, "secrets").empty()) {
        add("secrets");
    }
    for (int number = 0; config.has("secrets." + std::to_string(number)); ++number) {
        add("secrets." + std::to_string(number));
    }
    if (secrets.empty()) {
        sdk::refuseSetting(config, "secrets", "the setting secrets is missing");
    }
    return secrets;
}

seconds readSeconds(const sdk::Config& config, const std::string& key, seconds otherwise) {
    const milliseconds duration = common::readDuration(config, key, otherwise);
    if (duration.count() % 1000 != 0) {
        sdk::refuseSetting(config, key, key + " is a number of whole seconds");
    }
    if (duration > kLongest) {
        sdk::refuseSetting(config, key, key + " is a week at most");
    }
    return std::chrono::duration_cast<seconds>(duration);
}

struct Settings {
    explicit Settings(const sdk::Config& config)
        : secrets(readSecrets(config)),
          maxAge(readSeconds(config, "max_age", std::chrono::minutes(5))),
          clockSkew(readSeconds(config, "clock_skew", seconds(30))),
          remember(static_cast<std::size_t>(
              common::readCount(config, "remember", 100'000, 1, 100'000'000))),
          account(common::readText(config, "account")),
          rules(config, "permissions", "id"),
          singleUse(common::readFlag(config, "single_use")),
          endSessions(common::readFlag(config, "end_sessions")) {}

    const std::vector<common::Secret> secrets;
    const seconds maxAge;
    const seconds clockSkew;
    const std::size_t remember;
    const std::string account;
    const common::RuleTemplate rules;
    const bool singleUse;
    const bool endSessions;
};

seconds now() {
    return std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch());
}

class DeviceTokens final : public sdk::Authenticator {
public:
    void set(std::shared_ptr<const Settings> settings) { settings_.set(std::move(settings)); }

    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        const auto token = DeviceToken::parse(request.token);
        if (!token) {
            return sdk::AuthResult::abstain("no device token");
        }
        const std::shared_ptr<const Settings> settings = settings_.get();
        if (!isGenuine(*token, settings->secrets)) {
            return sdk::AuthResult::reject("device token with a wrong MAC");
        }
        // It was fresh when the connected client came, and is not used again.
        const char* problem =
            request.isRecheck ? nullptr : problemOf(*token, *settings, request.peerAddress);
        if (problem != nullptr) {
            return sdk::AuthResult::reject(problem);
        }
        const std::string id(token->id);
        sdk::AuthResult result =
            sdk::AuthResult::accept(id, settings->rules.rulesFor(id), settings->account);
        if (settings->endSessions) {
            result.expires = std::chrono::system_clock::time_point(token->time + settings->maxAge);
        }
        return result;
    }

    sdk::Cost cost(const sdk::ConnectRequest&) const override { return sdk::Cost::fast; }

private:
    /// Null when the token is good for now. Requires: it is genuine.
    const char* problemOf(const DeviceToken& token, const Settings& settings,
                          std::string_view peer) const {
        const seconds time = now();
        if (time - token.time > settings.maxAge) {
            return "the device token is too old";
        }
        if (token.time - time > settings.clockSkew) {
            return "the device token is from the future";
        }
        if (!settings.singleUse) {
            return nullptr;
        }
        switch (
            replays_.note(token.mac, peer, token.time + settings.maxAge, time, settings.remember)) {
            case ReplayTable::Answer::first:
                return nullptr;
            case ReplayTable::Answer::again:
                return "the device token was used before";
            case ReplayTable::Answer::full:
                break;
        }
        return "too many device tokens to remember";
    }

    /// Tries all secrets, so that the time does not tell which one it was.
    static bool isGenuine(const DeviceToken& token, const std::vector<common::Secret>& secrets) {
        bool isGenuine = false;
        for (const common::Secret& secret : secrets) {
            isGenuine |= devicetoken::sameMac(devicetoken::macOf(secret.text(), token.signedText),
                                              token.mac);
        }
        return isGenuine;
    }

    sdk::Current<Settings> settings_;
    mutable ReplayTable replays_;  // reloads leave it as it is
};

class DeviceTokenPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override {
        service_->set(std::make_shared<const Settings>(config));
    }
    void start(sdk::PluginContext& context) override {
        registration_ = context.registry().provide<sdk::Authenticator>("devicetoken", service_);
    }
    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        return sdk::whenApplied(
            [this, next = std::make_shared<const Settings>(config)] { service_->set(next); });
    }
    void stop() override { registration_.revoke(); }

private:
    const std::shared_ptr<DeviceTokens> service_ = std::make_shared<DeviceTokens>();
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(DeviceTokenPlugin, "devicetoken", "1.0.0", sdk::RunLevel::auth)
