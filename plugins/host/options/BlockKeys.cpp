// The top-level rows that are blocks or belong to them, and those that are known from other servers
// but not supported (OPT-131): some end the start, because they decide who may do what.

#include "kernel/Text.h"
#include "plugins/host/options/AuthKeys.h"
#include "plugins/host/options/ListenerKeys.h"
#include "plugins/host/options/Member.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/PluginKeys.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <utility>

namespace gnatsd::host::options {

namespace {

constexpr Key kAccountKeys[] = {
    {.names = {"users"}, .kind = Kind::custom, .read = readUsers, .secret = true},
    {.names = {"default_permissions", "default_permission"},
     .kind = Kind::custom,
     .read = readPermissions,
     .needs = "permissions"},
    {.names = {"exports"}, .kind = Kind::refused},
    {.names = {"imports"}, .kind = Kind::refused},
    {.names = {"nkey"}, .kind = Kind::refused},
    {.names = {"mappings", "maps"}, .kind = Kind::refused},
    {.names = {"limits"}, .kind = Kind::refused},
    {.names = {"jetstream"}, .kind = Kind::ignored},
};

constexpr Block kAccountBlock{"account", {kAccountKeys}};

/// `accounts { NAME { users: [...] } }` to a list: names may hold dots, so they are values.
void readAccounts(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Map* map = readMap(entry, reading);
    if (map == nullptr) {
        return;
    }
    conf::Array accounts;
    for (const conf::Entry& item : map->entries) {
        if (item.value.map() == nullptr) {
            if (!item.used) {
                wrongType(item, "a map", reading);
            }
            continue;
        }
        conf::Map account;
        Reading inner{account, reading.problems, "accounts"};
        if (item.key.empty()) {
            reading.problems.error(item.value.place(), "an account needs a name");
        }
        readBlock(kAccountBlock, *item.value.map(), inner);
        put(account, "name", conf::Value(item.key, item.value.place()));
        accounts.emplace_back(std::move(account), item.value.place());
    }
    settle(key, conf::Value(std::move(accounts), entry.value.place()), reading);
}

/// Publishers are never slowed down here, so only the wish for that is without effect.
void readNoStall(const Key&, const conf::Entry& entry, Reading& reading) {
    if (entry.value.boolean() == nullptr) {
        return wrongType(entry, "a boolean", reading);
    }
    if (!*entry.value.boolean()) {
        reading.problems.notice(entry.value.place(), kernel::quote(entry.key) +
                                                         " has no effect: this server never slows "
                                                         "publishers down");
    }
}

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"authorization"}, .kind = Kind::block, .block = authorizationBlock},
    {.names = {"accounts"}, .kind = Kind::custom, .read = readAccounts, .needs = "userpass"},
    {.names = {"no_auth_user"}, .goName = "NoAuthUser", .needs = "userpass"},
    {.names = {"strict_permissions"}, .kind = Kind::boolean, .goName = "StrictPermissions",
     .needs = "permissions"},
    {.names = {"auth_cache"}, .kind = Kind::duration, .member = at<&Options::authCache>(),
     .reload = Reload::atOnce, .keepZero = true},
    {.names = {"auth_slow_down"}, .kind = Kind::boolean, .member = at<&Options::authSlowDown>(),
     .reload = Reload::atOnce, .goName = "AuthSlowDown"},
    {.names = {"auth_log_accepts"}, .kind = Kind::boolean,
     .member = at<&Options::authLogAccepts>(), .reload = Reload::atOnce,
     .goName = "AuthLogAccepts"},
    {.names = {"tls"}, .kind = Kind::block, .block = tlsBlock, .needs = "tls"},
    {.names = {"allow_non_tls"}, .kind = Kind::boolean, .goName = "AllowNonTLS", .needs = "tls"},
    // ours
    {.names = {"listeners"}, .kind = Kind::custom, .read = readListeners},
    {.names = {"cluster"}, .kind = Kind::block, .block = clusterBlock},
    {.names = {"websocket", "ws"}, .kind = Kind::block, .block = websocketBlock},
    {.names = {"plugins"}, .kind = Kind::custom, .read = readPlugins},

    {.names = {"operator", "operators", "root", "roots", "root_operator", "root_operators"},
     .kind = Kind::refused},
    {.names = {"resolver", "resolvers", "account_resolver", "accounts_resolver",
               "account_resolvers"}, .kind = Kind::refused},
    {.names = {"resolver_preload"}, .kind = Kind::refused},
    {.names = {"resolver_tls"}, .kind = Kind::refused},
    {.names = {"resolver_pinned_accounts"}, .kind = Kind::refused},
    {.names = {"trusted", "trusted_keys"}, .kind = Kind::refused},
    {.names = {"default_sentinel"}, .kind = Kind::refused},
    {.names = {"proxies"}, .kind = Kind::refused},
    {.names = {"proxy_protocol"}, .kind = Kind::refused},

    {.names = {"jetstream"}, .kind = Kind::ignored,
     .flag = {.names = {"js", "jetstream"}, .isSwitch = true}},
    {.names = {"store_dir"}, .kind = Kind::ignored,
     .flag = {.names = {"sd", "store_dir"}}},
    {.names = {"mappings", "maps"}, .kind = Kind::ignored},
    {.names = {"gateway"}, .kind = Kind::ignored},
    {.names = {"leafnodes", "leaf"}, .kind = Kind::ignored},
    {.names = {"mqtt"}, .kind = Kind::ignored},
    {.names = {"system_account", "system"}, .kind = Kind::ignored},
    {.names = {"no_system_account", "no_system", "no_sys_acc"}, .kind = Kind::ignored},
    {.names = {"ocsp"}, .kind = Kind::ignored},
    {.names = {"ocsp_cache"}, .kind = Kind::ignored},
    {.names = {"default_js_domain"}, .kind = Kind::ignored},
    {.names = {"feature_flags"}, .kind = Kind::ignored},
    {.names = {"write_timeout"}, .kind = Kind::ignored},
    {.names = {"no_fast_producer_stall"}, .kind = Kind::custom, .read = readNoStall},
    {.names = {"trace_headers"}, .kind = Kind::ignored},
    {.names = {"server_metadata"}, .kind = Kind::ignored},
};
// clang-format on

}  // namespace

const Block& accountBlock() {
    return kAccountBlock;
}

std::span<const Key> blockKeys() {
    return kKeys;
}

}  // namespace gnatsd::host::options
