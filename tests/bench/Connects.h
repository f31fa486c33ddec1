// Connects: the mode connect: new connections, one after another on some threads, while requests of
// a client that was there before show what they cost everybody else.
//
// Threads: runConnect() starts its own and joins them.

#pragma once

#include "tests/bench/Options.h"
#include "tests/bench/Result.h"

namespace gnatsd::bench {

/// CPU time per connection, from connect() to PONG; latency of the requests and of connecting.
Result runConnect(const Options& options);

}  // namespace gnatsd::bench
