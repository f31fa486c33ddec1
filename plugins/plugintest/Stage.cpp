#include "plugins/plugintest/Stage.h"

#include "plugins/host/PluginReload.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/PermissionProvider.h>

#include <memory>
#include <string>
#include <utility>

namespace gnatsd::plugintest {

namespace {

/// Stands in where a plug-in has rules for users but lets nobody in itself.
class Everybody final : public sdk::Authenticator {
public:
    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        return sdk::AuthResult::accept(std::string(request.user));
    }
    sdk::Cost cost(const sdk::ConnectRequest&) const override { return sdk::Cost::fast; }
};

}  // namespace

Stage::Stage(std::vector<host::PluginSpec> specs, kernel::Log& log,
             const host::auth::Settings& settings)
    : host_(std::move(specs), log), chain_(host_.registry(), log, settings) {
    host_.load();
    host_.start();
    host_.open();
    sdk::ServiceRegistry& registry = host_.registry();
    if (!chain_.required() && !registry.all<sdk::PermissionProvider>().empty()) {
        everybody_ =
            registry.provide<sdk::Authenticator>("everybody", std::make_shared<Everybody>());
    }
}

Stage::~Stage() {
    host_.quiesce();
    chain_.stop();
    everybody_.revoke();
    host_.stop();
}

void Stage::reload(const std::vector<host::PluginSpec>& specs) {
    const auto prepared = host_.prepareReload(specs);
    chain_.whileReloading([&] { prepared->commit(); });
}

}  // namespace gnatsd::plugintest
