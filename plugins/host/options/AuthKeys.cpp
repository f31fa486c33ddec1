// The rows of `authorization`, of its user entries, and of the authorization of routes and of
// websocket clients (sections 3, 4 and 7 of OPT).

#include "plugins/host/options/AuthKeys.h"

#include "kernel/Text.h"
#include "plugins/host/options/Checks.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gnatsd::host::options {

namespace {

constexpr FlagGroup kAuthorization = FlagGroup::authorization;

constexpr std::array<std::string_view, 6> kConnectionTypes{"STANDARD",    "WEBSOCKET", "LEAFNODE",
                                                           "LEAFNODE_WS", "MQTT",      "MQTT_WS"};

void readConnectionTypes(const Key& key, const conf::Entry& entry, Reading& reading) {
    const auto names = readTexts(entry, true, reading);
    if (!names) {
        return;
    }
    conf::Array types;
    for (const conf::Value& name : *names) {
        const auto* known =
            std::find_if(kConnectionTypes.begin(), kConnectionTypes.end(),
                         [&](std::string_view t) { return equalsIgnoringCase(t, *name.string()); });
        if (known == kConnectionTypes.end()) {
            reading.problems.error(
                name.place(), "invalid connection types [" + kernel::quote(*name.string()) + "]");
        } else {
            types.emplace_back(std::string(*known), name.place());
        }
    }
    put(reading.out, key.name(), conf::Value(std::move(types), entry.value.place()));
}

void readNkey(const Key& key, const conf::Entry& entry, Reading& reading) {
    if (entry.value.string() == nullptr) {
        return wrongType(entry, "a string", reading);
    }
    if (!isPublicUserKey(*entry.value.string())) {
        return reading.problems.error(entry.value.place(), "Not a valid public nkey for a user");
    }
    put(reading.out, key.name(), entry.value);
}

void refuseUsers(const Key&, const conf::Entry& entry, Reading& reading) {
    reading.problems.error(entry.value.place(),
                           "Cluster authorization does not allow multiple users");
}

void refuseToken(const Key&, const conf::Entry& entry, Reading& reading) {
    reading.problems.error(entry.value.place(), "Cluster authorization does not support tokens");
}

void readClusterPermissions(const Key& key, const conf::Entry& entry, Reading& reading) {
    reading.problems.warning(
        entry.value.place(), entry.key,
        "setting \"permissions\" within cluster authorization block is deprecated");
    readPermissions(key, entry, reading);
}

/// An empty name would mean "nobody is asked for anything" (OPT-10).
void readName(const Key& key, const conf::Entry& entry, Reading& reading) {
    if (entry.value.string() == nullptr) {
        return wrongType(entry, "a string", reading);
    }
    if (entry.value.string()->empty()) {
        return reading.problems.error(entry.value.place(),
                                      kernel::quote(entry.key) + " must not be empty");
    }
    put(reading.out, key.name(), entry.value);
}

/// Also remembers whether a variable referred to it: then it may be no more than that (OPT-66).
void readPassword(const Key& key, const conf::Entry& entry, Reading& reading) {
    if (entry.value.string() == nullptr) {
        return wrongType(entry, "a string", reading);
    }
    put(reading.out, key.name(), entry.value);
    reading.out.entries.back().used = entry.used;
}

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"user", "username"}, .kind = Kind::custom,
     .flag = {{"user"}, kAuthorization, "<user>", "User required for connections"},
     .read = readName, .needs = "userpass"},
    {.names = {"password", "pass"}, .kind = Kind::custom,
     .flag = {{"pass"}, kAuthorization, "<password>", "Password required for connections"},
     .read = readPassword, .secret = true},
    {.names = {"token"}, .kind = Kind::custom,
     .flag = {{"auth"}, kAuthorization, "<token>", "Authorization token required for connections"},
     .read = readName, .needs = "token", .secret = true},
    {.names = {"timeout"}, .kind = Kind::seconds},
    {.names = {"users"}, .kind = Kind::custom, .read = readUsers, .secret = true},
    {.names = {"default_permissions", "default_permission", "permissions"}, .kind = Kind::custom,
     .read = readPermissions, .needs = "permissions"},
    {.names = {"auth_callout"}, .kind = Kind::refused},
};

constexpr Key kUserKeys[] = {
    {.names = {"user", "username"}, .kind = Kind::custom, .read = readName, .needs = "userpass"},
    {.names = {"password", "pass"}, .kind = Kind::custom, .read = readPassword, .secret = true},
    {.names = {"nkey"}, .kind = Kind::custom, .read = readNkey, .needs = "nkey"},
    {.names = {"permissions", "permission", "authorization", "authroization"},
     .kind = Kind::custom, .read = readPermissions, .needs = "permissions"},
    {.names = {"allowed_connection_types", "connection_types", "clients"}, .kind = Kind::custom,
     .read = readConnectionTypes},
    // ours
    {.names = {"max_connections"}, .kind = Kind::integer, .range = kAtLeastZero},
    {.names = {"allow_from"}, .kind = Kind::texts},
    {.names = {"no_wildcards"}, .kind = Kind::boolean},
    {.names = {"publish_rate"}, .kind = Kind::integer, .range = kAtLeastZero},
    {.names = {"publish_burst"}, .kind = Kind::integer, .range = kAtLeastZero},
};

constexpr Key kClusterKeys[] = {
    {.names = {"user", "username"}, .kind = Kind::custom, .read = readName},
    {.names = {"password", "pass"}, .kind = Kind::custom, .read = readPassword, .secret = true},
    {.names = {"timeout"}, .kind = Kind::seconds},
    {.names = {"users"}, .kind = Kind::custom, .read = refuseUsers},
    {.names = {"token"}, .kind = Kind::custom, .read = refuseToken},
    {.names = {"permissions", "default_permissions", "default_permission"}, .kind = Kind::custom,
     .read = readClusterPermissions},
};

constexpr Key kWebsocketKeys[] = {
    {.names = {"user", "username"}, .kind = Kind::custom, .read = readName},
    {.names = {"password", "pass"}, .kind = Kind::custom, .read = readPassword, .secret = true},
    {.names = {"token"}, .kind = Kind::custom, .read = readName, .secret = true},
    {.names = {"timeout"}, .kind = Kind::seconds},
};
// clang-format on

constexpr Block kBlock{"authorization", {kKeys}};
constexpr Block kUserBlock{"user", {kUserKeys}};
constexpr Block kClusterBlock{"cluster authorization", {kClusterKeys}};
constexpr Block kWebsocketBlock{"websocket authorization", {kWebsocketKeys}};

bool readUser(const conf::Value& item, Reading& reading) {
    const conf::Map* map = item.map();
    if (map == nullptr) {
        reading.problems.error(
            item.place(), std::string("expected user entry to be a map, got ") + item.typeName());
        return false;
    }
    readBlock(kUserBlock, *map, reading);
    const bool hasName = reading.out.find("user") != nullptr;
    const bool hasPassword = reading.out.find("password") != nullptr;
    if (reading.out.find("nkey") != nullptr) {
        if (hasName || hasPassword) {
            reading.problems.error(item.place(), "Nkey users do not take usernames or passwords");
        }
        return true;
    }
    // Of a name that was given but wrong something was said already.
    const auto names = [](const conf::Entry& entry) {
        const Key* key = kUserBlock.find(entry.key);
        return key != nullptr && (key->name() == "user" || key->name() == "nkey");
    };
    if (!hasName && std::none_of(map->entries.begin(), map->entries.end(), names)) {
        reading.problems.error(item.place(), "User entry requires a user");
    }
    return hasName;
}

}  // namespace

void readUsers(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Array* list = entry.value.array();
    if (list == nullptr) {
        return wrongType(entry, "an array of users", reading);
    }
    conf::Array users;
    users.reserve(list->size());
    for (const conf::Value& item : *list) {
        conf::Map user;
        Reading inner{user, reading.problems, "users"};
        if (readUser(item, inner)) {
            users.emplace_back(std::move(user), item.place());
        }
    }
    put(reading.out, key.name(), conf::Value(std::move(users), entry.value.place()));
}

void readPermissions(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Map* map = readMap(entry, reading);
    if (map == nullptr) {
        return;
    }
    conf::Map permissions;
    Reading inner{permissions, reading.problems, reading.block};
    readBlock(permissionsBlock(), *map, inner);
    put(reading.out, key.name(), conf::Value(std::move(permissions), entry.value.place()));
}

const Block& authorizationBlock() {
    return kBlock;
}

const Block& userBlock() {
    return kUserBlock;
}

const Block& clusterAuthorizationBlock() {
    return kClusterBlock;
}

const Block& websocketAuthorizationBlock() {
    return kWebsocketBlock;
}

}  // namespace gnatsd::host::options
