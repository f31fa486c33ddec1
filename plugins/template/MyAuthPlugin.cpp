// MyAuthPlugin.cpp: an authenticator to begin with. It lets in users with passwords, both from its
// settings, and gives each a corner of the subjects. As it is, it works.
//
// Make it yours:
//   1. Copy the folder. Rename the plug-in with
//        sed -i 's/myauth/NAME/g; s/MyAuth/Name/g' *.*
//      and the three files that have the name in theirs.
//   2. Write what your settings are: Settings and readSettings().
//   3. Write who is let in: authenticate(). Whoever has to wait for another machine derives from
//      AsyncAuthenticator (<gnatsd/AsyncAuthenticator.h>) instead.
//   4. Say in cost() whether that takes microseconds.
//   5. Write down in NAME.plugintest what shall come of it. `ctest` says whether it does.
// Nothing else has to change.

#include <gnatsd/Authenticator.h>
#include <gnatsd/Current.h>
#include <gnatsd/Plugin.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace gnatsd::sdk;

namespace {

struct User {
    std::string password;
    // The same object for all connections of the user: the server compiles it once.
    std::shared_ptr<const PermissionRules> rules;
};

/// What the settings say, read and checked. Never changed afterwards: a reload makes another one.
struct Settings {
    std::map<std::string, User, std::less<>> users;
};

std::shared_ptr<const PermissionRules> rulesFor(const std::string& user) {
    auto rules = std::make_shared<PermissionRules>();
    rules->publish.allow = {user + ".>", "public.>"};
    rules->subscribe.allow = {user + ".>", "public.>", "_INBOX.>"};
    return rules;
}

/// Called at the start and at each reload. What is wrong is thrown, best with refuseSetting(): the
/// line in the log then has its place in the file. Secrets are read with getRawString(), because
/// getString() expands ${...}.
std::shared_ptr<const Settings> readSettings(const Config& config) {
    auto settings = std::make_shared<Settings>();
    Config::Keys names;
    config.keys("users", names);
    if (names.empty()) {
        refuseSetting(config, "users", "names nobody");
    }
    for (const std::string& name : names) {
        const std::string key = "users." + name;
        std::string password = config.getRawString(key);
        if (password.empty()) {
            refuseSetting(config, key, "has no password");
        }
        settings->users[name] = {std::move(password), rulesFor(name)};
    }
    return settings;
}

/// Takes a time that does not tell how much of the secret is right.
bool isSame(std::string_view secret, std::string_view given) {
    unsigned char difference = secret.size() == given.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i) {
        difference =
            static_cast<unsigned char>(difference | (secret[i % secret.size()] ^ given[i]));
    }
    return difference == 0;
}

/// Asked by several threads at once, also while a reload switches the settings: whoever is asked
/// takes the settings of that moment and keeps them until it has answered.
class MyAuth final : public Authenticator {
public:
    explicit MyAuth(std::shared_ptr<const Settings> settings) { use(std::move(settings)); }

    void use(std::shared_ptr<const Settings> settings) { settings_.set(std::move(settings)); }

    /// accept: who it is is known. reject: this is somebody else. abstain: ask the next one. No
    /// part of a secret belongs into a reason; the client is not told it, the log is.
    AuthResult authenticate(const ConnectRequest& request) const override {
        const std::shared_ptr<const Settings> settings = settings_.get();
        const auto user = settings->users.find(request.user);
        if (user == settings->users.end()) {
            return AuthResult::abstain();
        }
        if (!isSame(user->second.password, request.password)) {
            return AuthResult::reject("wrong password");
        }
        return AuthResult::accept(user->first, user->second.rules);
    }

    /// Compares and looks up in memory. Leave this function out when yours takes longer.
    Cost cost(const ConnectRequest&) const override { return Cost::fast; }

private:
    Current<Settings> settings_;
};

/// The life of the plug-in; all of it on one thread.
class MyAuthPlugin final : public Plugin {
public:
    void configure(const Config& config) override {
        service_ = std::make_shared<MyAuth>(readSettings(config));
    }

    void start(PluginContext& context) override {
        registration_ = context.registry().provide<Authenticator>("myauth", service_);
    }

    /// A reload. Nothing may change before the server calls what this answers: another plug-in may
    /// not like its settings, and then all stay as they were.
    std::unique_ptr<Reconfiguration> prepare(const Config& config) override {
        return whenApplied([this, settings = readSettings(config)] { service_->use(settings); });
    }

    void stop() override { registration_.revoke(); }

private:
    std::shared_ptr<MyAuth> service_;
    Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(MyAuthPlugin, "myauth", "1.0.0", RunLevel::auth)
