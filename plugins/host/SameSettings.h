// SameSettings: whether two configurations hold the same keys with the same raw values.
//
// Threads: any that may read both.

#pragma once

#include <gnatsd/Plugin.h>

namespace gnatsd::host {

bool sameSettings(const sdk::Config& before, const sdk::Config& after);

}  // namespace gnatsd::host
