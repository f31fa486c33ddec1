// Options: what one run of the program was asked to do, typed and complete.
//
// The defaults are here; a file and then the command line override them. A value that the user did
// not give keeps its default (OPT-10), so every reader finds a usable value. What belongs to
// plug-ins stays in `settings`, checked and under the names that the option table gives first.
//
// Threads: a plain value.

#pragma once

#include "kernel/Limits.h"
#include "plugins/host/ListenAddress.h"
#include "plugins/host/conf/Value.h"
#include "plugins/host/log/LogSettings.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::host {

namespace options {
struct Key;
}

inline constexpr const char* kDefaultHost = "0.0.0.0";
inline constexpr int kDefaultPort = 4222;

/// One key of a plug-in's configuration, as `--plugin_set NAME.KEY=VALUE` gives it.
struct PluginSetting {
    std::string plugin;
    std::string key;
    std::string value;
};

/// A flag that was given, kept so that a reload can apply it again (CLI-31, OPT-201).
struct GivenFlag {
    const options::Key* key = nullptr;
    std::string_view block;  // of the option table
    std::string name;        // as spelt, without dashes
    conf::Value value;
};

struct Options {
    std::string executable = "gnatsd";  // the running program's path
    std::string configFile;             // empty: none
    std::vector<GivenFlag> flags;

    std::vector<ListenAddress> listen;  // empty: kDefaultHost
    int port = kDefaultPort;            // for addresses without their own; -1: any free port
    std::string serverName;             // empty: the server's id
    std::string clientAdvertise;        // host[:port]
    std::vector<std::string> tags;
    bool noHeaderSupport = false;

    std::string pidFile;
    std::string portsFileDir;

    bool debug = false;
    bool trace = false;
    bool traceVerbose = false;
    LogSettings log;

    kernel::Limits limits;
    std::chrono::milliseconds authCache{300'000};  // a verified secret is remembered; 0: never
    bool authSlowDown = true;                      // addresses that fail again and again wait
    bool authLogAccepts = false;  // a line for each accepted client at level info; else debug
    unsigned reactors = 0;        // 0: one per core
    bool noSublistCache = false;
    std::uint32_t maxClosedClients = 10'000;
    std::uint32_t connectErrorReports = 3600;
    std::uint32_t reconnectErrorReports = 1;
    std::chrono::milliseconds lameDuckDuration{120'000};
    std::chrono::milliseconds lameDuckGracePeriod{10'000};

    std::vector<std::string> plugins;  // external ones, loaded in this order
    std::string pluginDir;             // empty: found next to the executable
    std::vector<PluginSetting> pluginSettings;

    /// File and flags together. Blocks: authorization, accounts, tls, listeners, cluster,
    /// websocket, plugins.
    conf::Map settings;

    /// For the log at start, each a warning.
    std::vector<std::string> notices;
};

/// The addresses of the client port, each with its host and port filled in. The port may be -1.
/// None, where `listeners` are all that is asked for; those are not among them.
std::vector<ListenAddress> effectiveListen(const Options& options);

}  // namespace gnatsd::host
