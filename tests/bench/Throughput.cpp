#include "tests/bench/Throughput.h"

#include "tests/bench/Fleet.h"

namespace gnatsd::bench {

Result runThroughput(const Options& options) {
    ServerProbe probe(options.serverPid, options.countInstructions);
    Fleet fleet(options);
    for (const GroupLayout& layout : layoutOf(options)) {
        Group& group = fleet.addGroup(layout);
        for (std::size_t i = 0; i < layout.receivers; ++i) {
            OrderCheck order(layout.order, options.mode == Mode::sub);
            Receiver& receiver = fleet.addReceiver(group, i, std::move(order));
            receiver.subscribe(layout.subscriptions, layout.queue);
            receiver.predict(layout.messages, options.size);
        }
        for (std::size_t i = 0; i < layout.publishers; ++i) {
            fleet.addPublisher(group, layout.subjects);
        }
    }
    fleet.launch();
    if (options.warmup != 0 && options.mode != Mode::sub) {
        fleet.runMessages(options.warmup);
    }
    const std::uint64_t publishedBefore = fleet.published();
    const std::uint64_t deliveredBefore = fleet.delivered();
    probe.begin();
    if (options.mode == Mode::sub) {
        // Others may have published already.
        fleet.receiveOnly(deliveredBefore + options.msgs, options.seconds);
    } else if (options.seconds > 0) {
        fleet.runSeconds(options.seconds);
    } else {
        fleet.runMessages(options.msgs);
    }
    Result result;
    result.usage = probe.end();
    result.problems = fleet.finish();
    result.mode = modeName(options.mode);
    result.payloadSize = options.size;
    result.publishers = options.mode == Mode::sub ? 0 : options.pubs;
    result.subscribers = options.mode == Mode::pub ? 0 : options.subs;
    result.published = fleet.published() - publishedBefore;
    result.delivered = fleet.delivered() - deliveredBefore;
    result.units = options.mode == Mode::pub ? result.published : result.delivered;
    return result;
}

}  // namespace gnatsd::bench
