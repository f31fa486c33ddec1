// PluginTable: what `gnatsd --plugins` prints: one aligned line for each module with name, version,
// ABI signature, file and state.
//
// Threads: main only. The modules are opened and checked; no plug-in is created.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/PluginSpec.h"

#include <string>

namespace gnatsd::host {

/// Standard plug-ins, then those that the command line lists. State: "on" runs with these
/// options, "available" would if its block were configured, "missing", or "refused: ...".
/// Throws HostError as pluginSpecs() does.
std::string pluginTable(const Options& options, const ConfigBlocks& blocks = {});

}  // namespace gnatsd::host
