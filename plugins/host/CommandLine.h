// CommandLine: arguments to Options, by the rules CLI-1 to CLI-7, and the help text.
//
// Poco's own option processor bundles short options and takes prefixes of long ones, so it never
// sees an argument. Which flags exist is FlagTable's business.

#pragma once

#include "plugins/host/Options.h"

#include <span>
#include <string>

namespace gnatsd::host {

/// What the arguments ask for, and what to print before doing it.
struct CommandLine {
    enum class Action { run, listPlugins, leave };

    Action action = Action::run;
    int status = 0;      // exit status when action is leave
    std::string output;  // for standard output
    std::string errors;  // for standard error, complete lines
    Options options;

    /// Requires: `arguments` without the program's name. Never throws on bad input.
    static CommandLine parse(std::span<const std::string> arguments);

    static std::string help();
};

}  // namespace gnatsd::host
