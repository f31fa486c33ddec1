// Reader of the `plugins` block: `dir`, `load`, and `settings` with a map for each plug-in.
//
// Threads: a pure function but for what it reports to.

#pragma once

#include "plugins/host/options/Key.h"

namespace gnatsd::host::options {

void readPlugins(const Key& key, const conf::Entry& entry, Reading& reading);

}  // namespace gnatsd::host::options
