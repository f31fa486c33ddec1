// LoadOptions: from a file and flags to Options, with everything that is wrong with them.
//
// Threads: main only, as it reads the environment.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/options/Consistency.h"

#include <string>
#include <vector>

namespace gnatsd::host {

struct LoadedOptions {
    Options options;                    // usable when there are no errors
    std::vector<std::string> errors;    // one line or more each
    std::vector<std::string> warnings;  // shown before the start; they fail a check (OPT-7)

    bool isGood() const noexcept { return errors.empty(); }

    /// Errors and warnings, each on a line of its own, the program's name before the first.
    std::string report() const;
};

/// Reads the file, if one is named, and applies the flags. Never throws on bad input.
LoadedOptions loadOptions(const std::string& configFile, std::vector<GivenFlag> flags,
                          const options::HasPlugin& hasPlugin);

/// With the plug-ins of this build.
LoadedOptions loadOptions(const std::string& configFile, std::vector<GivenFlag> flags);

/// As loadOptions(), with what a file was parsed to.
LoadedOptions buildOptions(const conf::Map& file, std::vector<GivenFlag> flags,
                           const options::HasPlugin& hasPlugin);

/// Reads file and flags of the running options anew (OPT-201). Throws Poco::DataFormatException,
/// one line for each problem, also when there is no file (OPT-200). Warnings do not matter.
Options readAgain(const Options& running);

}  // namespace gnatsd::host
