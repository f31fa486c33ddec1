#include "tests/auth/AuthRig.h"

#include "plugins/host/HostError.h"
#include "plugins/host/PluginReload.h"
#include "plugins/host/StandardPlugins.h"

#include <Poco/Util/MapConfiguration.h>

namespace gnatsd::tests {

namespace {

std::vector<host::PluginSpec> specsOf(const std::vector<std::string>& plugins,
                                      const Settings& settings) {
    const host::ConfigPtr config = configOf(settings);
    std::vector<host::PluginSpec> specs;
    for (const std::string& name : plugins) {
        host::PluginSpec spec;
        spec.name = name;
        if (host::findBuiltin(name) == nullptr) {
            spec.path = std::string(GNATSD_AUTH_MODULES) + "/" + host::moduleFileName(name);
        }
        spec.config = config;
        specs.push_back(std::move(spec));
    }
    return specs;
}

}  // namespace

AuthRig::AuthRig(const Settings& settings, const std::vector<std::string>& plugins)
    : plugins_(plugins),
      host_(std::make_unique<host::PluginHost>(specsOf(plugins, settings), log_)) {
    host_->load();
    host_->start();
    host_->open();
}

const std::vector<std::string>& AuthRig::all() {
    static const std::vector<std::string> kAll{"bcrypt", "permissions", "nkey", "token",
                                               "userpass"};
    return kAll;
}

std::string AuthRig::ask(const sdk::ConnectRequest& request) {
    const sdk::AuthResult result = resultOf(request);
    switch (result.verdict) {
        case sdk::Verdict::accept:
            return "accept " + result.user +
                   (result.account.empty() ? std::string() : "@" + result.account);
        case sdk::Verdict::reject:
            return "reject " + result.reason;
        case sdk::Verdict::abstain:
            return "abstain " + result.reason;
        case sdk::Verdict::unavailable:
            return "unavailable " + result.reason;
    }
    return {};
}

sdk::AuthResult AuthRig::resultOf(const sdk::ConnectRequest& request) {
    sdk::AuthResult nobody = sdk::AuthResult::abstain();
    for (const auto& reference : host_->registry().all<sdk::Authenticator>()) {
        sdk::AuthResult result = reference.lock()->authenticate(request);
        if (result.verdict != sdk::Verdict::abstain) {
            return result;
        }
        if (!result.reason.empty()) {
            nobody.reason = result.reason;
        }
    }
    return nobody;
}

sdk::Cost AuthRig::cost(const sdk::ConnectRequest& request) {
    for (const auto& reference : host_->registry().all<sdk::Authenticator>()) {
        if (reference.lock()->cost(request) == sdk::Cost::slow) {
            return sdk::Cost::slow;
        }
    }
    return sdk::Cost::fast;
}

std::shared_ptr<const sdk::PermissionRules> AuthRig::rules(std::string_view user,
                                                           std::string_view account) {
    return service<sdk::PermissionProvider>("permissions")->rulesFor(user, account);
}

void AuthRig::reload(const Settings& settings) {
    host_->prepareReload(specsOf(plugins_, settings))->commit();
}

host::ConfigPtr configOf(const Settings& settings) {
    host::ConfigPtr config = new Poco::Util::MapConfiguration;
    for (const auto& [key, value] : settings) {
        config->setString(key, value);
    }
    return config;
}

std::string startProblem(const Settings& settings, const std::vector<std::string>& plugins) {
    try {
        const AuthRig rig(settings, plugins);
        return "started";
    } catch (const host::HostError& error) {
        return error.message();
    }
}

sdk::ConnectRequest withPassword(std::string_view user, std::string_view password) {
    sdk::ConnectRequest request = withNothing();
    request.user = user;
    request.password = password;
    return request;
}

sdk::ConnectRequest withToken(std::string_view token) {
    sdk::ConnectRequest request = withNothing();
    request.token = token;
    return request;
}

sdk::ConnectRequest withNothing() {
    sdk::ConnectRequest request;
    request.transport = "tcp";
    request.nonce = "PXoWU7zWAMt75FY";
    return request;
}

}  // namespace gnatsd::tests
