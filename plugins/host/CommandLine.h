// CommandLine: what the arguments ask for, by the rules CLI-1 to CLI-7. Which flags exist is the
// option table's business; what they mean together with a file is that of LoadOptions.
//
// Poco's own option processor bundles short options and takes prefixes of long ones, so it never
// sees an argument.

#pragma once

#include "plugins/host/Options.h"

#include <span>
#include <string>
#include <vector>

namespace gnatsd::host {

/// What the arguments ask for, and what to print before doing it.
struct CommandLine {
    enum class Action { run, check, listPlugins, signal, leave };

    Action action = Action::run;
    int status = 0;      // exit status when action is leave
    std::string output;  // for standard output
    std::string errors;  // for standard error, complete lines

    std::string configFile;
    std::string signal;  // CMD[=PID]
    bool daemon = false;
    std::vector<GivenFlag> flags;

    /// Requires: `arguments` without the program's name. Never throws on bad input.
    static CommandLine parse(std::span<const std::string> arguments);
};

}  // namespace gnatsd::host
