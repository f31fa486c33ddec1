#include "plugins/host/options/PluginBlocks.h"

#include "plugins/host/conf/ConfigView.h"
#include "plugins/host/options/Problems.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace gnatsd::host::options {

namespace {

/// Whether a plug-in may see it as it is. Cheap next to a copy: files have 100,000 users.
bool isPlain(const conf::Value& value) {
    if (isFlag(value.place())) {
        return false;
    }
    if (const conf::Map* map = value.map()) {
        return !map->entries.empty() &&
               std::all_of(map->entries.begin(), map->entries.end(),
                           [](const conf::Entry& entry) { return isPlain(entry.value); });
    }
    const conf::Array* array = value.array();
    return array == nullptr ||
           (!array->empty() && std::all_of(array->begin(), array->end(), isPlain));
}

conf::Value forPlugin(const conf::Value& value);

conf::Map forPlugin(const conf::Map& map) {
    conf::Map result;
    result.entries.reserve(map.entries.size());
    for (const conf::Entry& entry : map.entries) {
        result.entries.push_back({entry.key, forPlugin(entry.value), entry.used});
    }
    return result;
}

/// Marks what is empty; takes away the place of what a flag gave, as it is in no file.
conf::Value forPlugin(const conf::Value& value) {
    if (isPlain(value)) {
        return value;
    }
    conf::Place place = isFlag(value.place()) ? conf::Place() : value.place();
    if (const conf::Map* map = value.map(); map != nullptr && !map->entries.empty()) {
        return {forPlugin(*map), std::move(place)};
    }
    const conf::Array* array = value.array();
    if (value.map() != nullptr || (array != nullptr && array->empty())) {
        return {std::string(), std::move(place)};
    }
    if (array == nullptr) {
        return {value.data(), std::move(place)};
    }
    conf::Array items;
    items.reserve(array->size());
    for (const conf::Value& item : *array) {
        items.push_back(forPlugin(item));
    }
    return {std::move(items), std::move(place)};
}

ConfigPtr viewOf(const conf::Value& block) {
    return new conf::ConfigView(block.map() == nullptr || block.map()->entries.empty()
                                    ? conf::Value(conf::Map(), block.place())
                                    : forPlugin(block));
}

ConfigPtr viewOf(conf::Map block) {
    return viewOf(conf::Value(std::move(block), {}));
}

conf::Map clientBlock(const Options& options) {
    conf::Array addresses;
    for (const ListenAddress& address : effectiveListen(options)) {
        conf::Map item;
        put(item, "host", conf::Value(address.host, {}));
        put(item, "port", conf::Value(std::int64_t{address.port}, {}));
        addresses.emplace_back(std::move(item), conf::Place());
    }
    for (const conf::Value& listener : listAt(options.settings, "listeners")) {
        const conf::Map& map = *listener.map();
        conf::Map item;
        put(item, "name", conf::Value(textAt(map, "name"), {}));
        put(item, "host",
            conf::Value(map.find("host") == nullptr ? kDefaultHost : textAt(map, "host"), {}));
        put(item, "port", conf::Value(integerAt(map, "port"), {}));
        put(item, "tls", conf::Value(map.find("tls") != nullptr, {}));
        put(item, "allow_non_tls", conf::Value(isOn(map, "allow_non_tls"), {}));
        addresses.emplace_back(std::move(item), listener.place());
    }
    conf::Map client;
    put(client, "listen", conf::Value(std::move(addresses), {}));
    put(client, "tls", conf::Value(options.settings.find("tls") != nullptr, {}));
    put(client, "allow_non_tls", conf::Value(isOn(options.settings, "allow_non_tls"), {}));
    return client;
}

/// The `tls` block and, in it, `listeners` with those that have their own; null: nobody has one.
ConfigPtr securityBlock(const conf::Map& tree) {
    const conf::Value* written = get(tree, "tls");
    conf::Array listeners;
    for (const conf::Value& listener : listAt(tree, "listeners")) {
        if (const conf::Value* own = get(*listener.map(), "tls")) {
            conf::Map item;
            put(item, "name", conf::Value(textAt(*listener.map(), "name"), {}));
            put(item, "tls", *own);
            listeners.emplace_back(std::move(item), listener.place());
        }
    }
    if (listeners.empty()) {
        return written == nullptr ? ConfigPtr() : viewOf(*written);
    }
    conf::Map block = mapAt(tree, "tls");
    put(block, "listeners", conf::Value(std::move(listeners), {}));
    return viewOf(
        conf::Value(std::move(block), written == nullptr ? conf::Place() : written->place()));
}

/// Those of `names` that are set.
conf::Map pick(const conf::Map& tree, std::initializer_list<std::string_view> names) {
    conf::Map picked;
    for (const std::string_view name : names) {
        if (const conf::Value* value = get(tree, name)) {
            put(picked, name, *value);
        }
    }
    return picked;
}

/// Null when nobody is named.
ConfigPtr authorizationBlock(const conf::Map& tree) {
    const conf::Value* written = get(tree, "authorization");
    conf::Map block = mapAt(tree, "authorization");
    for (const conf::Entry& entry :
         pick(tree, {"accounts", "no_auth_user", "strict_permissions"}).entries) {
        put(block, entry.key, entry.value);
    }
    for (const std::string_view who : {"user", "password", "token", "users", "accounts"}) {
        if (block.find(who) != nullptr) {
            return viewOf(conf::Value(std::move(block),
                                      written == nullptr ? conf::Place() : written->place()));
        }
    }
    return {};
}

bool hasNkey(const conf::Array& users) {
    return std::any_of(users.begin(), users.end(),
                       [](const conf::Value& user) { return user.map()->find("nkey") != nullptr; });
}

/// Whether any user has an nkey, one of an account included.
bool namesNkeys(const conf::Map& tree) {
    const conf::Array& accounts = listAt(tree, "accounts");
    return hasNkey(listAt(tree, "authorization.users")) ||
           std::any_of(accounts.begin(), accounts.end(), [](const conf::Value& account) {
               return hasNkey(listAt(*account.map(), "users"));
           });
}

}  // namespace

ConfigBlocks pluginBlocks(const Options& options) {
    const conf::Map& tree = options.settings;
    ConfigBlocks blocks;
    blocks["client"] = viewOf(clientBlock(options));
    const auto add = [&blocks](const char* name, const ConfigPtr& block) {
        if (!block.isNull()) {
            blocks[name] = block;
        }
    };
    const ConfigPtr authorization = authorizationBlock(tree);
    add("authorization", authorization);
    // The same once more for those who otherwise would have nothing to do but be loaded.
    if (namesNkeys(tree)) {
        add("authorization.nkey", authorization);
    }
    if (get(tree, "authorization.token") != nullptr) {
        add("authorization.token", authorization);
    }
    add("tls", securityBlock(tree));
    for (const std::string name : {"cluster", "websocket"}) {
        if (integerAt(tree, name + ".port") != 0) {
            blocks[name] = viewOf(*get(tree, name));
        }
    }
    if (integerAt(tree, "http_port") != 0 || integerAt(tree, "https_port") != 0) {
        blocks["monitor"] = viewOf(
            pick(tree, {"http_host", "http_port", "https_host", "https_port", "http_base_path"}));
    }
    return blocks;
}

ConfigPtr externalBlock(const Options& options, const std::string& name) {
    const conf::Entry* settings = mapAt(options.settings, "plugins.settings").find(name);
    return viewOf(settings == nullptr ? conf::Value(conf::Map(), {}) : settings->value);
}

}  // namespace gnatsd::host::options
