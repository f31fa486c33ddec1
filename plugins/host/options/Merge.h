// Flags on top of what a file says (CLI-31): every flag that was given counts, in the order of the
// command line, and goes through the same rows as an entry of the file.
//
// Threads: a pure function but for what it reports to.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/options/Problems.h"

#include <vector>

namespace gnatsd::host::options {

void mergeFlags(const std::vector<GivenFlag>& flags, conf::Map& tree, Problems& problems);

}  // namespace gnatsd::host::options
