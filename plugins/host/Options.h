// Options: what one run of the program was asked to do, typed and complete.
//
// The defaults are here; the command line overrides them. A value that the user did not give keeps
// its default (OPT-10), so every reader finds a usable value.

#pragma once

#include "kernel/Limits.h"
#include "plugins/host/ListenAddress.h"

#include <string>
#include <vector>

namespace gnatsd::host {

inline constexpr const char* kDefaultHost = "0.0.0.0";
inline constexpr int kDefaultPort = 4222;

/// One key of a plug-in's configuration, as `--plugin_set NAME.KEY=VALUE` gives it.
struct PluginSetting {
    std::string plugin;
    std::string key;
    std::string value;
};

struct Options {
    std::string executable = "gnatsd";  // the running program's path

    std::vector<ListenAddress> listen;  // empty: kDefaultHost
    int port = kDefaultPort;            // for addresses without their own; -1: any free port
    std::string serverName;             // empty: the server's id

    std::string pidFile;
    std::string portsFileDir;

    bool debug = false;
    bool trace = false;
    bool logtime = true;

    std::vector<std::string> plugins;  // external ones, loaded in this order
    std::string pluginDir;             // empty: found next to the executable
    std::vector<PluginSetting> pluginSettings;

    kernel::Limits limits;
    unsigned reactors = 0;  // 0: one per core
};

/// The addresses to listen on, each with its host and port filled in. The port may be -1.
std::vector<ListenAddress> effectiveListen(const Options& options);

}  // namespace gnatsd::host
