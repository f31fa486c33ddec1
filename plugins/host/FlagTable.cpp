#include "plugins/host/FlagTable.h"

#include <algorithm>
#include <limits>

namespace gnatsd::host {

namespace {

using Target = FlagTarget;
using Value = FlagValue;

std::string_view setListen(Target& target, const Value& value) {
    auto addresses = ListenAddress::parseList(value.text);
    if (!addresses) {
        return "expected HOST or HOST:PORT, separated by commas";
    }
    target.options.listen = std::move(*addresses);
    return {};
}

std::string_view setPort(Target& target, const Value& value) {
    if (value.integer < std::numeric_limits<int>::min() ||
        value.integer > std::numeric_limits<int>::max()) {
        return "value out of range";
    }
    target.options.port = static_cast<int>(value.integer);
    return {};
}

std::string_view addPlugins(Target& target, const Value& value) {
    std::string_view rest = value.text;
    while (true) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (comma == 0) {
            return "expected plug-in names, separated by commas";
        }
        target.options.plugins.emplace_back(rest.substr(0, comma));
        if (comma == rest.size()) {
            return {};
        }
        rest.remove_prefix(comma + 1);
    }
}

std::string_view addSetting(Target& target, const Value& value) {
    const std::size_t equals = value.text.find('=');
    const std::size_t dot = value.text.substr(0, equals).find('.');
    if (equals == std::string_view::npos || dot == std::string_view::npos || dot == 0 ||
        dot + 1 == equals) {
        return "expected NAME.KEY=VALUE";
    }
    target.options.pluginSettings.push_back(
        {std::string(value.text.substr(0, dot)),
         std::string(value.text.substr(dot + 1, equals - dot - 1)),
         std::string(value.text.substr(equals + 1))});
    return {};
}

template <std::string Options::*kMember>
std::string_view setText(Target& target, const Value& value) {
    target.options.*kMember = value.text;
    return {};
}

template <bool Options::*kMember>
std::string_view setSwitch(Target& target, const Value& value) {
    target.options.*kMember = value.boolean;
    return {};
}

template <bool Target::*kMember>
std::string_view ask(Target& target, const Value& value) {
    target.*kMember = value.boolean;
    return {};
}

std::string_view setDebugAndTrace(Target& target, const Value& value) {
    target.options.debug = value.boolean;
    target.options.trace = value.boolean;
    return {};
}

constexpr FlagKind kBool = FlagKind::boolean;
constexpr FlagKind kInt = FlagKind::integer;
constexpr FlagKind kText = FlagKind::text;
constexpr FlagGroup kServer = FlagGroup::server;
constexpr FlagGroup kLogging = FlagGroup::logging;
constexpr FlagGroup kPlugins = FlagGroup::plugins;
constexpr FlagGroup kCommon = FlagGroup::common;

// clang-format off
constexpr Flag kFlags[] = {
    {{"a", "addr", "net"}, kText, kServer, "<host>",
     "Bind to host address, or to several: a,b:port,[::1] (default: 0.0.0.0)", setListen},
    {{"p", "port"}, kInt, kServer, "<port>",
     "Use port for clients, -1 for any free one (default: 4222)", setPort},
    {{"n", "name", "server_name"}, kText, kServer, "<name>",
     "Server name (default: the server's id)", setText<&Options::serverName>},
    {{"P", "pid"}, kText, kServer, "<file>",
     "File to store PID", setText<&Options::pidFile>},
    {{"ports_file_dir"}, kText, kServer, "<dir>",
     "Write the open ports to <dir>/<executable>_<pid>.ports", setText<&Options::portsFileDir>},

    {{"T", "logtime"}, kBool, kLogging, "",
     "Timestamp log entries (default: true)", setSwitch<&Options::logtime>},
    {{"D", "debug"}, kBool, kLogging, "",
     "Enable debugging output", setSwitch<&Options::debug>},
    {{"V", "trace"}, kBool, kLogging, "",
     "Trace the raw protocol", setSwitch<&Options::trace>},
    {{"DV"}, kBool, kLogging, "",
     "Debug and trace", setDebugAndTrace},

    {{"plugins"}, kBool, kPlugins, "",
     "List all plug-ins with version, signature, file and state", ask<&Target::listPlugins>},
    {{"plugin"}, kText, kPlugins, "<name,...>",
     "Load external plug-ins; may be repeated", addPlugins},
    {{"plugin_dir"}, kText, kPlugins, "<dir>",
     "Folder of the plug-ins (default: next to the program)", setText<&Options::pluginDir>},
    {{"plugin_set"}, kText, kPlugins, "<name.key=val>",
     "Configure a plug-in; may be repeated", addSetting},

    {{"h", "help"}, kBool, kCommon, "",
     "Show this message", ask<&Target::showHelp>},
    {{"v", "version"}, kBool, kCommon, "",
     "Show version", ask<&Target::showVersion>},
};
// clang-format on

}  // namespace

std::span<const Flag> flagTable() {
    return kFlags;
}

const Flag* findFlag(std::string_view name) {
    if (name.empty()) {
        return nullptr;
    }
    for (const Flag& flag : kFlags) {
        if (std::find(flag.names.begin(), flag.names.end(), name) != flag.names.end()) {
            return &flag;
        }
    }
    return nullptr;
}

std::string_view groupTitle(FlagGroup group) {
    switch (group) {
        case FlagGroup::server:
            return "Server Options";
        case FlagGroup::logging:
            return "Logging Options";
        case FlagGroup::plugins:
            return "Plug-in Options";
        case FlagGroup::common:
            return "Common Options";
    }
    return {};
}

}  // namespace gnatsd::host
