// The rows of `cluster` (section 4 of OPT) and the flags about it (CLI-27 to CLI-29, CLI-32).

#include "kernel/Text.h"
#include "plugins/host/options/AuthKeys.h"
#include "plugins/host/options/Checks.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <utility>

namespace gnatsd::host::options {

namespace {

constexpr FlagGroup kCluster = FlagGroup::cluster;

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// OPT-94, OPT-104: what is no URL is an error, what comes twice a warning (OPT-7).
void readRoutes(const Key& key, const conf::Entry& entry, Reading& reading) {
    const auto urls = readTexts(entry, false, reading);
    if (!urls) {
        return;
    }
    conf::Array routes;
    for (const conf::Value& url : *urls) {
        const std::string shownUrl = withoutPassword(*url.string());
        std::string why;
        const auto route = parseRouteUrl(*url.string(), why);
        if (!route || route->host.empty() || route->port < 1) {
            if (route) {
                why = route->host.empty() ? "no host" : "a port must be between 1 and 65535";
            }
            reading.problems.error(
                url.place(), "error parsing route url [" + kernel::quote(shownUrl) + "]: " + why);
        } else if (std::find(routes.begin(), routes.end(), url) != routes.end()) {
            reading.problems.warning(url.place(), entry.key,
                                     "Duplicate route entry detected: " + shownUrl);
        } else {
            routes.push_back(url);
        }
    }
    settle(key, conf::Value(std::move(routes), entry.value.place()), reading);
}

/// CLI-27: the list replaces that of the file.
void mergeRoutes(conf::Map& tree, const conf::Value& value, Problems& problems) {
    conf::Array urls;
    for (std::string_view rest = *value.string(); !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (const std::string_view url = trimmed(rest.substr(0, comma)); !url.empty()) {
            urls.emplace_back(std::string(url), value.place());
        }
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    conf::Map cluster = mapAt(tree, "cluster");
    Reading reading{cluster, problems, "cluster"};
    const Key key{.names = {"routes"}};
    readRoutes(key, {"routes", conf::Value(std::move(urls), value.place()), false}, reading);
    put(tree, "cluster", conf::Value(std::move(cluster), value.place()));
}

/// CLI-32: the address replaces that of the file, and so do its credentials, even when it has none.
void mergeCluster(conf::Map& tree, const conf::Value& value, Problems& problems) {
    const conf::Place& place = value.place();
    if (value.string()->empty()) {
        return drop(tree, "cluster");
    }
    std::string why;
    const auto url = parseRouteUrl(*value.string(), why);
    if (!url) {
        return problems.error(place, why);
    }
    if (url->host.empty() || url->port == 0) {
        return problems.error(place, "host and port are required");
    }
    if (url->hasUser && !url->hasPassword) {
        return problems.error(place, "expected cluster password to be set");
    }
    put(tree, "cluster.host", conf::Value(url->host, place));
    put(tree, "cluster.port", conf::Value(std::int64_t{url->port}, place));
    drop(tree, "cluster.authorization.user");
    drop(tree, "cluster.authorization.password");
    if (url->hasUser) {
        put(tree, "cluster.authorization.user", conf::Value(url->user, place));
        put(tree, "cluster.authorization.password", conf::Value(url->password, place));
    }
}

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"listen"}, .kind = Kind::address, .parts = {"host", "port"}},
    {.names = {"host", "net"}},
    {.names = {"port"}, .kind = Kind::integer, .needs = "routes"},
    {.names = {"routes"}, .kind = Kind::custom,
     .flag = {{"routes"}, kCluster, "<rurl-1, rurl-2>", "Routes to solicit and connect",
              mergeRoutes},
     .read = readRoutes},
    {.flag = {{"cluster", "cluster_listen"}, kCluster, "<cluster-url>",
              "Cluster URL for solicited routes", mergeCluster}},
    {.names = {"no_advertise"}, .kind = Kind::boolean,
     .flag = {{"no_advertise"}, kCluster, "<bool>", "Do not tell clients of other servers"}},
    {.names = {"name"},
     .flag = {{"cluster_name"}, kCluster, "<name>", "Cluster name (default: a random one)"},
     .check = checkClusterName},
    {.names = {"advertise", "cluster_advertise"},
     .flag = {{"cluster_advertise"}, kCluster, "<addr>", "Address that other servers are told"},
     .check = checkHostPort},
    {.names = {"connect_retries"}, .kind = Kind::integer,
     .flag = {{"connect_retries"}, kCluster, "<number>", "Further attempts for implicit routes"},
     .range = kAtLeastZero},
    {.names = {"authorization"}, .kind = Kind::block, .block = clusterAuthorizationBlock},
    {.names = {"tls"}, .kind = Kind::block, .block = tlsBlock, .needs = "tls"},
    {.names = {"permissions"}, .kind = Kind::custom, .read = readPermissions},
    {.names = {"ping_interval"}, .kind = Kind::duration},
    {.names = {"ping_max"}, .kind = Kind::integer, .range = kAtLeastZero},
    {.names = {"write_deadline"}, .kind = Kind::duration},
    {.names = {"pool_size"}, .kind = Kind::ignored},
    {.names = {"accounts"}, .kind = Kind::ignored},
    {.names = {"compression"}, .kind = Kind::ignored},
    {.names = {"connect_backoff"}, .kind = Kind::ignored},
};
// clang-format on

constexpr Block kBlock{"cluster", {kKeys}};

}  // namespace

const Block& clusterBlock() {
    return kBlock;
}

}  // namespace gnatsd::host::options
