#include "plugins/host/StandardPlugins.h"

namespace gnatsd::host {

namespace {

using When = StandardPlugin::When;

// name, configuration block, when it runs
constexpr StandardPlugin kStandardPlugins[] = {
    {"tcp", "client", When::always},
    {"tls", "tls", When::withBlock},
    // In this order: verifiers and rules are there before those who need them.
    {"bcrypt", "authorization", When::withBlock},
    {"permissions", "authorization", When::withBlock},
    {"nkey", "authorization.nkey", When::withBlock},
    {"token", "authorization.token", When::withBlock},
    {"userpass", "authorization", When::withBlock},
};

}  // namespace

std::span<const StandardPlugin> standardPlugins() {
    return kStandardPlugins;
}

const StandardPlugin* findStandardPlugin(std::string_view name) {
    for (const StandardPlugin& plugin : kStandardPlugins) {
        if (plugin.name == name) {
            return &plugin;
        }
    }
    return nullptr;
}

const sdk::BuiltinPlugin* findBuiltin(std::string_view name) {
    for (const sdk::BuiltinPlugin* plugin : builtinPlugins()) {
        if (plugin->descriptor->name == name) {
            return plugin;
        }
    }
    return nullptr;
}

}  // namespace gnatsd::host
