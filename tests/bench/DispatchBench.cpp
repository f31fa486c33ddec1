// A session's whole work without sockets: parse, match, deliver; output is thrown away.

#include "kernel/Broker.h"
#include "kernel/ClientSession.h"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace {

using namespace gnatsd::kernel;

class NoLog final : public Log {
public:
    void write(Level, std::string_view) noexcept override {}
};

class NoThread final : public FlushTarget {
public:
    void flushSoon(std::vector<Ref<Outbox>>& outboxes) override { outboxes.clear(); }
    void post(std::function<void()>) override {}
};

/// A connection that takes everything at once.
class Sink final : public Link {
public:
    Sink(Broker& broker, Shard& shard)
        : shard_(shard),
          outbox_(Outbox::make(shard, *this, "bench", broker.limits().maxPending)),
          session_(std::make_unique<ClientSession>(broker, shard, *this, outbox_,
                                                   broker.nextConnectionId(), "127.0.0.1")) {
        session_->onOpen();
        session_->onBytes("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true}\r\n");
    }
    ~Sink() override {
        session_->onClosed(CloseReason::clientClosed);
        outbox_->close(shard_.pool);
    }

    Protocol& protocol() noexcept override { return *session_; }
    void flush() override {
        outbox_->near().learnSize();
        outbox_->near().clear(shard_.pool);
    }
    void close(CloseReason) override {}
    void pauseReading() override {}
    void resumeReading() override {}
    void holdReading(std::chrono::microseconds) override {}

private:
    Shard& shard_;
    const Ref<Outbox> outbox_;
    const std::unique_ptr<ClientSession> session_;
};

struct Rig {
    NoLog log;
    NoThread thread;
    Broker broker{Limits(), ServerInfo(), log, nullptr};
    Shard shard{0, thread};
    std::vector<std::unique_ptr<Sink>> sinks;

    Sink& add(const std::string& subscribe) {
        sinks.push_back(std::make_unique<Sink>(broker, shard));
        sinks.back()->protocol().onBytes(subscribe);
        return *sinks.back();
    }
};

std::string messages(std::size_t count, std::size_t payload, std::size_t subjects) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        bytes += "PUB bench." + std::to_string(i % subjects) + " " + std::to_string(payload) +
                 "\r\n" + std::string(payload, 'x') + "\r\n";
    }
    return bytes;
}

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
