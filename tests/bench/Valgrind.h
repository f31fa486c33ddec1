// Valgrind: user instructions per message where the machine has no hardware counters for them.
//
// Runs the server under cachegrind twice, with few messages and with three times as many; the
// difference of the totals belongs to the messages alone. The server is slow there, so no times.

#pragma once

#include "tests/bench/Options.h"
#include "tests/bench/Result.h"

#include <string>

namespace gnatsd::bench {

/// Throws ServerError when the server or valgrind cannot be started.
Result countWithValgrind(const std::string& program, const Options& options);

}  // namespace gnatsd::bench
