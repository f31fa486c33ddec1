#include "tests/bench/Run.h"

#include "tests/bench/Connects.h"
#include "tests/bench/Held.h"
#include "tests/bench/RequestReply.h"
#include "tests/bench/Throughput.h"

namespace gnatsd::bench {

Result run(const Options& options) {
    switch (options.mode) {
        case Mode::request:
            return runRequestReply(options);
        case Mode::idle:
            return runIdle(options);
        case Mode::connect:
            return runConnect(options);
        case Mode::subs:
            return runSubs(options);
        case Mode::match:
            return runMatch(options);
        case Mode::pub:
        case Mode::sub:
        case Mode::pubsub:
        case Mode::fanout:
        case Mode::queue:
            break;
    }
    return runThroughput(options);
}

}  // namespace gnatsd::bench
