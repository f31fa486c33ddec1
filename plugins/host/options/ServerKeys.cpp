// The rows about addresses, files and the program itself (sections 2 and 6 of OPT, CLI-10 ff.).

#include "plugins/host/options/Checks.h"
#include "plugins/host/options/Member.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"

namespace gnatsd::host::options {

namespace {

constexpr FlagGroup kServer = FlagGroup::server;

/// The list of `-a` to addresses and back.
constexpr Member kListen{[](Options& options, const conf::Value& value) {
                             options.listen =
                                 ListenAddress::parseList(*value.string()).value_or(options.listen);
                         },
                         [](const Options& options) {
                             std::string text;
                             for (const ListenAddress& address : options.listen) {
                                 text += text.empty() ? "" : ",";
                                 text += address.port == 0 ? address.host : address.text();
                             }
                             return text.empty() ? kDefaultHost : text;
                         }};

std::string_view checkListenFlag(std::string_view text) {
    return ListenAddress::parseList(text) ? std::string_view()
                                          : "expected HOST or HOST:PORT, separated by commas";
}

void readBasePath(const Key& key, const conf::Entry& entry, Reading& reading) {
    const std::string* path = entry.value.string();
    if (path == nullptr) {
        return wrongType(entry, "a string", reading);
    }
    settle(key, conf::Value(cleanPath(*path), entry.value.place()), reading);
}

void readProfPort(const Key& key, const conf::Entry& entry, Reading& reading) {
    if (entry.value.integer() == nullptr) {
        return wrongType(entry, "an integer", reading);
    }
    reading.problems.notice(entry.value.place(), "\"" + std::string(key.name()) +
                                                     "\" has no effect: this server has no "
                                                     "profiler of its own");
}

// clang-format off
constexpr Key kKeys[] = {
    // OPT-20 to OPT-22
    {.names = {"listen"}, .kind = Kind::address, .parts = {"host", "port"}},
    {.names = {"host", "net"},
     .flag = {{"a", "addr", "net"}, kServer, "<host>", "Bind to HOST address (default: 0.0.0.0)",
              nullptr, Ask::nothing, checkListenFlag},
     .member = kListen, .goName = "Host", .check = checkListen},
    {.names = {"port"}, .kind = Kind::integer,
     .flag = {{"p", "port"}, kServer, "<port>", "Use PORT for clients (default: 4222)"},
     .member = at<&Options::port>(), .goName = "Port"},
    // OPT-35
    {.names = {"pid_file", "pidfile"},
     .flag = {{"P", "pid"}, kServer, "<file>", "File to store PID"},
     .member = at<&Options::pidFile>(), .reload = Reload::atOnce},
    // OPT-27 to OPT-30
    {.names = {"http"}, .kind = Kind::address, .parts = {"http_host", "http_port"}},
    {.names = {"http_port", "monitor_port"}, .kind = Kind::integer,
     .flag = {{"m", "http_port"}, kServer, "<port>", "Use HTTP PORT for monitoring"},
     .goName = "HTTPPort", .needs = "monitor"},
    {.names = {"https"}, .kind = Kind::address, .parts = {"https_host", "https_port"}},
    {.names = {"https_port"}, .kind = Kind::integer,
     .flag = {{"ms", "https_port"}, kServer, "<port>", "Use HTTPS PORT for monitoring"},
     .goName = "HTTPSPort", .needs = "monitor"},
    {.names = {"http_base_path"}, .kind = Kind::custom, .goName = "HTTPBasePath",
     .read = readBasePath, .needs = "monitor"},

    {.flag = {{"c", "config"}, kServer, "<file>", "Configuration File", nullptr, Ask::config}},
    {.kind = Kind::boolean,
     .flag = {{"t"}, kServer, "", "Test the configuration and exit", nullptr, Ask::check}},
    // OPT-140, OPT-141
    {.names = {"server_name"},
     .flag = {{"n", "name", "server_name"}, kServer, "<name>", "Server name (default: its id)"},
     .member = at<&Options::serverName>(), .goName = "ServerName", .check = checkServerName},
    {.flag = {{"sl", "signal"}, kServer, "<cmd>[=<pid>]",
              "Signal a server: ldm, stop, quit, term, reopen, reload", nullptr, Ask::signal}},
    {.kind = Kind::boolean,
     .flag = {{"daemon"}, kServer, "", "Run in the background", nullptr, Ask::daemon}},
    {.names = {"client_advertise"},
     .flag = {{"client_advertise"}, kServer, "<addr>", "Address that clients are told"},
     .member = at<&Options::clientAdvertise>(), .reload = Reload::atOnce, .check = checkHostPort},
    // OPT-159
    {.names = {"ports_file_dir"},
     .flag = {{"ports_file_dir"}, kServer, "<dir>",
              "Write open ports to <dir>/<executable>_<pid>.ports"},
     .member = at<&Options::portsFileDir>(), .reload = Reload::atOnce},

    // OPT-147, OPT-148
    {.names = {"lame_duck_duration"}, .kind = Kind::durationText,
     .member = at<&Options::lameDuckDuration>(), .goName = "LameDuckDuration",
     .check = checkLameDuckDuration},
    {.names = {"lame_duck_grace_period"}, .kind = Kind::durationText,
     .member = at<&Options::lameDuckGracePeriod>(), .goName = "LameDuckGracePeriod"},
    // OPT-157, OPT-158, OPT-160 to OPT-163
    {.names = {"disable_sublist_cache", "no_sublist_cache"}, .kind = Kind::boolean,
     .member = at<&Options::noSublistCache>(), .goName = "NoSublistCache"},
    {.names = {"no_header_support"}, .kind = Kind::boolean,
     .member = at<&Options::noHeaderSupport>(), .goName = "NoHeaderSupport"},
    {.names = {"connect_error_reports"}, .kind = Kind::integer,
     .member = at<&Options::connectErrorReports>(), .reload = Reload::atOnce,
     .range = kAtLeastZero, .needs = "routes"},
    {.names = {"reconnect_error_reports"}, .kind = Kind::integer,
     .member = at<&Options::reconnectErrorReports>(), .reload = Reload::atOnce,
     .range = kAtLeastZero, .needs = "routes"},
    {.names = {"server_tags"}, .kind = Kind::texts, .member = at<&Options::tags>(),
     .reload = Reload::atOnce, .needs = "monitor"},
    {.names = {"max_closed_clients"}, .kind = Kind::integer,
     .member = at<&Options::maxClosedClients>(), .goName = "MaxClosedClients",
     .range = kAtLeastZero, .needs = "monitor"},
    // ours
    {.names = {"reactors"}, .kind = Kind::integer, .member = at<&Options::reactors>(),
     .goName = "Reactors", .range = {1, 1024}},
    // OPT-36
    {.names = {"prof_port"}, .kind = Kind::custom,
     .flag = {{"profile"}, FlagGroup::profiling, "<port>", "Accepted, without effect"},
     .read = readProfPort},

    {.kind = Kind::boolean,
     .flag = {{"plugins"}, FlagGroup::plugins, "",
              "List all plug-ins with version, signature, file and state", nullptr,
              Ask::listPlugins}},

    {.kind = Kind::boolean,
     .flag = {{"h", "help"}, FlagGroup::common, "", "Show this message", nullptr, Ask::help}},
    {.kind = Kind::boolean,
     .flag = {{"v", "version"}, FlagGroup::common, "", "Show version", nullptr, Ask::version}},
    {.kind = Kind::boolean,
     .flag = {{"help_tls"}, FlagGroup::common, "", "TLS help", nullptr, Ask::helpTls}},
};
// clang-format on

}  // namespace

std::span<const Key> serverKeys() {
    return kKeys;
}

}  // namespace gnatsd::host::options
