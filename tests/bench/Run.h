// Run: does what the options say.

#pragma once

#include "tests/bench/Options.h"
#include "tests/bench/Result.h"

namespace gnatsd::bench {

/// Throws ServerError when the server cannot be reached; anything later is in Result::problems.
Result run(const Options& options);

}  // namespace gnatsd::bench
