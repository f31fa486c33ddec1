// PluginProblem: the lines that say what is wrong with a plug-in, its file or its settings.
//
// Threads: pure functions.

#pragma once

#include "plugins/host/Barrier.h"
#include "plugins/host/TrackedConfig.h"

#include <string>
#include <vector>

namespace gnatsd::host {

/// A call into a plug-in threw: "Plug-in NAME: FILE: found an error in STEP (...), wanted ...".
std::string stepProblem(const std::string& name, const std::string& file, const std::string& step,
                        const Thrown& error);

/// The same for a step that reads settings; it names the one that was read last, and its place in
/// the configuration file in front. The product's own plug-ins speak for themselves there.
std::string configProblem(const std::string& name, const std::string& file, const std::string& step,
                          const Thrown& error, const TrackedConfig& config);

std::string inLines(const std::vector<std::string>& problems);

}  // namespace gnatsd::host
