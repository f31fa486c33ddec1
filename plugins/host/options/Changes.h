// What a reload would change, option by option, as the table says (section 9 of OPT). Deciding and
// applying is the server's part.
//
// Threads: pure functions.

#pragma once

#include "plugins/host/Options.h"

#include <string>
#include <vector>

namespace gnatsd::host {

struct OptionChange {
    std::string name;      // "max_payload", "cluster.routes", "plugins.allowlist"
    std::string oldValue;  // as a file would have it; a secret is never shown
    std::string newValue;
    bool reloadable = false;
    std::string text;  // for the log: "Reloaded: debug = false"; or why not (OPT-202)
};

/// In the order of the option table. A random port is no change (OPT-230).
std::vector<OptionChange> changes(const Options& running, const Options& next);

}  // namespace gnatsd::host
