// Smoke: each mode once with few messages, on a server it starts; for the test run.

#pragma once

#include "tests/bench/Error.h"

#include <span>

namespace gnatsd::bench {

/// `arguments`: the server's executable. Exit::checkFailed when a count or an order is wrong.
Exit smokeCommand(std::span<const char* const> arguments);

}  // namespace gnatsd::bench
