// A session's whole work without sockets: parse, match, deliver; output is thrown away.

#include "tests/bench/DispatchRig.h"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace gnatsd::bench;

void run(benchmark::State& state, const std::string& subscribe, std::size_t subscribers,
         std::size_t perMessage, std::size_t payload, std::size_t subjects) {
    constexpr std::size_t kBatch = 500;
    Rig rig;
    for (std::size_t i = 0; i < subscribers; ++i) {
        rig.add(subscribe);
    }
    Sink& publisher = rig.add("");
    const std::string bytes = messages(kBatch, payload, subjects);
    const std::uint64_t before = rig.shard.counters.outMessages.get();
    for (auto _ : state) {
        publisher.protocol().onBytes(bytes);
        rig.shard.flushAll();
    }
    const auto sent = static_cast<std::uint64_t>(state.iterations()) * kBatch;
    if (rig.shard.counters.outMessages.get() - before != sent * perMessage) {
        state.SkipWithError("deliveries were lost");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sent * std::max<std::size_t>(1, perMessage)));
}

void nobodyListens(benchmark::State& state) {
    run(state, "", 0, 0, 16, 1);
}
BENCHMARK(nobodyListens);

void fanOut(benchmark::State& state) {
    const auto receivers = static_cast<std::size_t>(state.range(0));
    run(state, "SUB bench.* 1\r\n", receivers, receivers, 128, 1);
}
BENCHMARK(fanOut)->ArgName("receivers")->Arg(1)->Arg(10)->Arg(100);

void thousandSubjects(benchmark::State& state) {
    run(state, "SUB bench.> 1\r\n", 1, 1, 16, 1000);
}
BENCHMARK(thousandSubjects);

void queueGroup(benchmark::State& state) {
    run(state, "SUB bench.* group 1\r\n", 10, 1, 128, 1);
}
BENCHMARK(queueGroup);

}  // namespace
