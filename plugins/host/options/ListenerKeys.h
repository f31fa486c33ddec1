// Reads `listeners`, a list of maps, into a list of maps with the rows of listenerBlock().
//
// Threads: a pure function but for what it reports to.

#pragma once

#include "plugins/host/options/Key.h"

namespace gnatsd::host::options {

void readListeners(const Key& key, const conf::Entry& entry, Reading& reading);

}  // namespace gnatsd::host::options
