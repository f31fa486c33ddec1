// What must hold of credentials when file and flags are one: OPT-68, OPT-69, and of the user that
// clients without credentials get (OPT-155).
//
// Threads: a pure function but for what it reports to.

#pragma once

#include "plugins/host/conf/Value.h"
#include "plugins/host/options/Problems.h"

namespace gnatsd::host::options {

void checkUsers(const conf::Map& tree, Problems& problems);

}  // namespace gnatsd::host::options
