// Flags: what the command line asks for.
//
// Threads: a value, made on main.

#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::plugintest {

struct Flags {
    enum class Action { test, help, version };

    Action action = Action::test;
    std::string module;  // name or path
    std::string script;  // "-": standard input
    std::string config;  // empty: none
    std::string pluginDir;
    std::vector<std::string> with;  // plug-ins that the module needs
    std::vector<std::pair<std::string, std::string>> settings;
    std::chrono::milliseconds timeout{2000};
    std::size_t threads = 8;
    bool debug = false;

    /// Throws Poco::SyntaxException: `found X, wanted Y`.
    static Flags parse(std::span<char* const> arguments);
};

extern const char* const kHelp;

}  // namespace gnatsd::plugintest
