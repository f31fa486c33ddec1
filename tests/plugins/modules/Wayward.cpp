// An authenticator that does what the user's name says, right or wrong.

#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/Authenticator.h>
#include <gnatsd/Plugin.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

using namespace gnatsd::sdk;

namespace {

constexpr std::chrono::seconds kPatience(5);

struct Shared {
    /// False when it does not come true in time.
    bool await(const std::function<bool()>& condition) {
        std::unique_lock<std::mutex> lock(mutex);
        return changed.wait_for(lock, kPatience, condition);
    }
    void change(const std::function<void()>& make) {
        const std::lock_guard<std::mutex> lock(mutex);
        make();
        changed.notify_all();
    }

    std::mutex mutex;
    std::condition_variable changed;
    int together = 0;
    int prepared = 0;
    Logger* logger = nullptr;
};

class Wayward final : public Authenticator {
public:
    explicit Wayward(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

    AuthResult authenticate(const ConnectRequest& request) const override {
        if (request.user == "throws") {
            throw std::runtime_error("the database is gone");
        }
        if (request.user == "throws42") {
            throw 42;
        }
        if (request.user == "hangs") {
            for (;;) {
                std::this_thread::sleep_for(std::chrono::hours(1));
            }
        }
        if (request.user == "crashes") {
            std::abort();
        }
        if (request.user == "away") {
            return AuthResult::unavailable("nobody is there to ask");
        }
        if (request.user == "slow") {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            return AuthResult::reject("thought about it");
        }
        if (request.user == "nonsense") {
            AuthResult result;
            result.verdict = static_cast<Verdict>(17);
            return result;
        }
        if (request.user == "tells") {
            shared_->logger->warning("the password was " + std::string(request.password));
            return AuthResult::reject("not " + std::string(request.password));
        }
        if (request.user == "echo") {
            return AuthResult::reject(echo(request));
        }
        return people(request);
    }

private:
    /// All that it was asked with; of secrets their length.
    static std::string echo(const ConnectRequest& request) {
        const auto size = [](std::string_view text) {
            return text.empty() ? "" : std::to_string(text.size());
        };
        std::string text = "user=" + std::string(request.user) + ",pass=" + size(request.password) +
                           ",token=" + size(request.token) + ",nkey=" + std::string(request.nkey) +
                           ",sig=" + size(request.signature) + ",jwt=" + size(request.jwt) +
                           ",nonce=" + std::string(request.nonce) +
                           ",name=" + std::string(request.clientName) +
                           ",lang=" + std::string(request.clientLanguage) +
                           ",version=" + std::string(request.clientVersion) +
                           ",peer=" + std::string(request.peerAddress) +
                           ",transport=" + std::string(request.transport) +
                           ",subject=" + std::string(request.tlsSubject) +
                           ",cn=" + std::string(request.tlsCommonName) + ",names=";
        for (const std::string& name : request.tlsNames) {
            text += name + " ";
        }
        return text;
    }

    AuthResult people(const ConnectRequest& request) const {
        std::string user(request.user);
        if (user == "badrules") {
            auto rules = std::make_shared<PermissionRules>();
            rules->publish.allow = {"a..b"};
            return AuthResult::accept(user, rules);
        }
        if (user == "badlimits" || user == "single" || user == "flat") {
            auto limits = std::make_shared<UserLimits>();
            limits->allowFrom = {user == "badlimits" ? "everywhere" : "127.0.0.0/8"};
            limits->maxConnections = user == "single" ? 1 : 0;
            limits->noWildcards = user == "flat";
            return AuthResult::accept(user, nullptr, "ACME", limits);
        }
        if (user == "together") {  // whoever is alone is refused
            shared_->change([&] { ++shared_->together; });
            return shared_->await([&] { return shared_->together >= 4; })
                       ? AuthResult::accept(user)
                       : AuthResult::reject("nobody came along");
        }
        if (user == "reloaded") {
            return shared_->await([&] { return shared_->prepared > 0; })
                       ? AuthResult::accept(user)
                       : AuthResult::reject("no reload came");
        }
        if (user == "metered" || user == "brief") {
            auto limits = std::make_shared<UserLimits>();
            limits->publishRate = user == "metered" ? 100 : 0;
            AuthResult result = AuthResult::accept(user, nullptr, {}, limits);
            if (user == "brief" && !request.isRecheck) {
                result.expires = std::chrono::system_clock::now() + std::chrono::minutes(1);
            }
            return result;
        }
        if (user == "answers") {
            auto rules = std::make_shared<PermissionRules>();
            rules->subscribe.allow = {"ask.*", "work q"};
            rules->subscribe.deny = {"ask.secret"};
            rules->responses.emplace();
            return AuthResult::accept(user, rules);
        }
        if (user == "early") {  // only who comes for the first time
            return request.isRecheck ? AuthResult::reject("came before") : AuthResult::accept(user);
        }
        return AuthResult::abstain("never heard of them");
    }

    const std::shared_ptr<Shared> shared_;
};

/// Never answers whoever calls themselves "silent".
class Silent final : public AsyncAuthenticator {
public:
    void authenticate(const ConnectRequest& request, AuthReply reply) const override {
        if (request.user != "silent") {
            reply(AuthResult::abstain());
        }
    }
};

class WaywardPlugin final : public Plugin {
public:
    void configure(const Config& config) override { read(config); }
    void start(PluginContext& context) override {
        shared_->logger = &context.logger();
        silent_ = context.registry().provide<AsyncAuthenticator>("silent",
                                                                 std::make_shared<Silent>(), -1);
        wayward_ = context.registry().provide<Authenticator>("wayward",
                                                             std::make_shared<Wayward>(shared_));
    }
    std::unique_ptr<Reconfiguration> prepare(const Config& config) override {
        read(config);
        return whenApplied([this] { shared_->change([this] { ++shared_->prepared; }); });
    }
    void stop() override {
        silent_.revoke();
        if (!leaves_) {
            wayward_.revoke();
        }
    }

private:
    void read(const Config& config) {
        const std::string mood = config.getRawString("mood", "good");
        while (mood == "sleepy") {
            std::this_thread::sleep_for(std::chrono::hours(1));
        }
        if (mood != "good") {
            refuseSetting(config, "mood", "found mood " + mood + ", wanted good");
        }
        leaves_ = config.getBool("leaves", false);
    }

    const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
    bool leaves_ = false;
    Registration silent_;
    Registration wayward_;
};

}  // namespace

GNATSD_PLUGIN(WaywardPlugin, "wayward", "0.0.1", RunLevel::auth)
