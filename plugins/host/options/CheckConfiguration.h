// checkConfiguration: the second half of `-t`: loads and configures every plug-in that the options
// ask for, and starts none.
//
// Threads: main only.

#pragma once

#include "plugins/host/Options.h"

#include <string>
#include <vector>

namespace gnatsd::host {

/// What would end a start, one line for each problem; empty when all is well. Nothing is listened
/// on, nothing is written.
std::vector<std::string> checkConfiguration(const Options& options);

}  // namespace gnatsd::host
