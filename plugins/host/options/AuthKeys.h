// Readers of what has to do with users, for the blocks that hold such things.
//
// Threads: pure functions but for what they report to.

#pragma once

#include "plugins/host/options/Key.h"

namespace gnatsd::host::options {

/// A list of user entries (section 3.1 of OPT).
void readUsers(const Key& key, const conf::Entry& entry, Reading& reading);

/// A permission map in its one form (section 3.2 of OPT).
void readPermissions(const Key& key, const conf::Entry& entry, Reading& reading);

}  // namespace gnatsd::host::options
