// What can only be checked when file and flags are one (OPT-11): which options exclude each other,
// what needs what, which plug-ins are needed.
//
// Threads: pure functions but for what they report to.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/options/Problems.h"

#include <functional>
#include <string_view>

namespace gnatsd::host::options {

/// Whether this build has a plug-in of that name.
using HasPlugin = std::function<bool(std::string_view name)>;

/// Brings the tree into its final form: what follows from other settings is put in, what is only a
/// variable is taken out.
void complete(conf::Map& tree);

/// Requires: complete(). `options` has the typed values already.
void checkTogether(const Options& options, Problems& problems);

/// Settings that need a plug-in which is not there, and those that have no effect yet.
void checkPlugins(const conf::Map& tree, const HasPlugin& hasPlugin, Problems& problems);

}  // namespace gnatsd::host::options
