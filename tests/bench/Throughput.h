// Throughput: the modes pub, sub, pubsub, fanout and queue.
//
// Two phases over the same connections, warm-up and measurement; each ends when the server has
// handled all that was sent and every receiver has what it should have. Afterwards every receiver
// waits for a PONG, so that surplus messages are seen as well.
// Threads: run() starts and ends the loops' threads.

#pragma once

#include "tests/bench/Options.h"
#include "tests/bench/Result.h"

namespace gnatsd::bench {

/// Throws ServerError when the server cannot be reached; anything later is in Result::problems.
Result runThroughput(const Options& options);

}  // namespace gnatsd::bench
