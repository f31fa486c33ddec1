// Compare: two servers side by side, in turns, each run on a fresh process.
//
// The figures of a scenario are medians over the rounds; a ratio is the median of the rounds' own
// ratios, so that a machine that is slow for a while slows both sides of it.

#pragma once

#include "tests/bench/Error.h"

#include <span>

namespace gnatsd::bench {

/// Exit::checkFailed when a message was lost or a wish was missed.
Exit compareCommand(std::span<const char* const> arguments);

}  // namespace gnatsd::bench
