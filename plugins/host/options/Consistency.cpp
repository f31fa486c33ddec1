#include "plugins/host/options/Consistency.h"

#include "kernel/Text.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/host/options/Checks.h"
#include "plugins/host/options/Duration.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Tree.h"
#include "plugins/host/options/UserChecks.h"

#include <algorithm>
#include <set>

namespace gnatsd::host::options {

namespace {

using kernel::quote;

constexpr std::int64_t kLargePayload = 8 * 1024 * 1024;

/// A password that a variable refers to and that has no user is only that variable (OPT-66).
void dropVariable(conf::Map& tree, const std::string& block) {
    const conf::Map& map = mapAt(tree, block);
    const conf::Entry* password = map.find("password");
    if (password != nullptr && password->used && map.find("user") == nullptr) {
        drop(tree, block + ".password");
    }
}

void errorAt(const conf::Map& tree, std::string_view path, const std::string& text,
             Problems& problems) {
    if (const conf::Value* value = get(tree, path)) {
        problems.error(value->place(), text);
    } else {
        problems.error(text);
    }
}

/// OPT-127, CLI-34.
void checkTls(const conf::Map& tree, std::string_view path, Problems& problems) {
    const conf::Value* block = get(tree, path);
    if (block == nullptr || block->map() == nullptr) {
        return;
    }
    const bool byFlag = isFlag(block->place());
    if (block->map()->find("cert_file") == nullptr) {
        problems.error(block->place(), byFlag ? "TLS Server certificate must be present and valid"
                                              : "missing 'cert_file' in TLS configuration");
    }
    if (block->map()->find("key_file") == nullptr) {
        problems.error(block->place(), byFlag ? "TLS Server private key must be present and valid"
                                              : "missing 'key_file' in TLS configuration");
    }
}

void checkLimits(const Options& options, Problems& problems) {
    const conf::Map& tree = options.settings;
    const bool bounded = integerAt(tree, "max_payload") >= 0;
    if (bounded && options.limits.maxPayload > options.limits.maxPending) {
        errorAt(tree, get(tree, "max_payload") != nullptr ? "max_payload" : "max_pending",
                "max_payload (" + std::to_string(options.limits.maxPayload) +
                    ") cannot be higher than max_pending (" +
                    std::to_string(options.limits.maxPending) + ")",
                problems);
    }
    if (options.limits.maxPayload > kLargePayload) {
        problems.notice(
            "Maximum payloads over 8.00 MB are generally discouraged and could lead to "
            "poor performance");
    }
    if (options.lameDuckGracePeriod >= options.lameDuckDuration) {
        errorAt(tree,
                get(tree, "lame_duck_grace_period") != nullptr ? "lame_duck_grace_period"
                                                               : "lame_duck_duration",
                "lame duck grace period (" + durationText(options.lameDuckGracePeriod) +
                    ") should be strictly lower than lame duck duration (" +
                    durationText(options.lameDuckDuration) + ")",
                problems);
    }
}

void checkListeners(const conf::Map& tree, Problems& problems) {
    if (integerAt(tree, "https_port") != 0 && tree.find("tls") == nullptr) {
        errorAt(tree, "https_port", "TLS cert and key required for HTTPS", problems);  // CLI-67
    }
    if (integerAt(tree, "websocket.port") != 0 && get(tree, "websocket.tls") == nullptr &&
        !isOn(tree, "websocket.no_tls")) {
        errorAt(tree, "websocket", "websocket requires TLS configuration", problems);
    }
    if (tree.find("cluster") == nullptr || integerAt(tree, "cluster.port") != 0) {
        return;
    }
    const conf::Value* routes = get(tree, "cluster.routes");
    if (routes != nullptr && isFlag(routes->place())) {
        problems.error(routes->place(),  // CLI-33
                       "solicited routes require cluster capabilities, e.g. --cluster");
    } else {
        problems.notice(tree.find("cluster")->value.place(),  // OPT-105
                        "\"cluster\" has no port: there are no routes");
    }
}

void checkPluginSettings(const Options& options, Problems& problems) {
    const auto isLoaded = [&](const std::string& name) {
        return std::any_of(options.plugins.begin(), options.plugins.end(),
                           [&](const std::string& listed) { return pluginName(listed) == name; });
    };
    for (const conf::Entry& entry : mapAt(options.settings, "plugins.settings").entries) {
        if (!isLoaded(entry.key)) {
            problems.error(entry.value.place(), "settings for the plug-in " + quote(entry.key) +
                                                    ", which is not in \"load\"");
        }
    }
}

/// Goes through the settings of a block and says, once for each plug-in, what is not there.
class PluginCheck {
public:
    PluginCheck(const HasPlugin& hasPlugin, Problems& problems)
        : hasPlugin_(hasPlugin), problems_(problems) {}

    void checkBlock(const Block& block, const conf::Map& map) {
        for (const conf::Entry& entry : map.entries) {
            const Key* key = block.find(entry.key);
            if (key == nullptr) {
                continue;
            }
            need(key->needs, key->name(), entry.value.place());
            checkInner(*key, entry.value);
        }
    }

private:
    void need(std::string_view plugin, std::string_view setting, const conf::Place& place) {
        if (!plugin.empty() && !hasPlugin_(plugin) && said_.insert(plugin).second) {
            problems_.error(place, quote(setting) + " needs the plug-in " + quote(plugin) +
                                       ", which this build does not have");
        }
    }

    void checkEach(const Block& block, const conf::Value& list) {
        for (const conf::Value& item : *list.array()) {
            checkBlock(block, *item.map());
        }
    }

    void checkInner(const Key& key, const conf::Value& value) {
        if (value.map() != nullptr && key.block != nullptr) {
            // Without a port there are neither routes nor websocket clients.
            const bool idle =
                key.block().find("port") != nullptr && value.map()->find("port") == nullptr;
            if (!idle) {
                checkBlock(key.block(), *value.map());
            }
        }
        if (key.name() == "users" && value.array() != nullptr) {
            checkEach(userBlock(), value);
        }
        if (key.name() == "listeners" && value.array() != nullptr) {
            checkEach(listenerBlock(), value);
        }
        if (key.name() == "accounts" && value.array() != nullptr) {
            checkEach(accountBlock(), value);
        }
        if (key.secret && value.string() != nullptr && looksLikeBcrypt(*value.string())) {
            need("bcrypt", key.name(), value.place());
        }
    }

    const HasPlugin& hasPlugin_;
    Problems& problems_;
    std::set<std::string_view> said_;
};

}  // namespace

void complete(conf::Map& tree) {
    dropVariable(tree, "authorization");
    dropVariable(tree, "cluster.authorization");
    dropVariable(tree, "websocket.authorization");
    for (const std::string path : {"tls", "cluster.tls", "websocket.tls"}) {
        if (const conf::Value* map = get(tree, path + ".verify_and_map");
            map != nullptr && *map->boolean()) {
            put(tree, path + ".verify", *map);
        }
    }
    if (const conf::Value* tls = get(tree, "cluster.tls")) {
        put(tree, "cluster.tls.verify", conf::Value(true, conf::Place(tls->place())));  // OPT-125
    }
    if (const conf::Value* found = get(tree, "cluster.authorization.permissions")) {
        const conf::Value permissions = *found;
        drop(tree, "cluster.authorization.permissions");
        if (get(tree, "cluster.permissions") == nullptr) {
            put(tree, "cluster.permissions", permissions);
        }
    }
}

void checkTogether(const Options& options, Problems& problems) {
    checkUsers(options.settings, problems);
    for (const std::string_view path : {"tls", "cluster.tls", "websocket.tls"}) {
        checkTls(options.settings, path, problems);
    }
    for (const conf::Value& listener : listAt(options.settings, "listeners")) {
        checkTls(*listener.map(), "tls", problems);
    }
    checkLimits(options, problems);
    checkListeners(options.settings, problems);
    checkPluginSettings(options, problems);
}

void checkPlugins(const conf::Map& tree, const HasPlugin& hasPlugin, Problems& problems) {
    PluginCheck(hasPlugin, problems).checkBlock(topBlock(), tree);
}

}  // namespace gnatsd::host::options
