#include "tests/bench/Scenario.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gnatsd::bench {

namespace {

class Builder {
public:
    explicit Builder(bool quick) : quick_(quick) {}

    /// `msgs`: enough for some seconds of the slower server.
    Options& add(std::string name, Mode mode, std::size_t size, std::uint64_t msgs,
                 std::vector<Wish> wishes) {
        constexpr std::uint64_t kQuickPart = 5;
        Scenario scenario{std::move(name), defaultsOf(mode), std::move(wishes)};
        scenario.options.size = size;
        scenario.options.msgs = quick_ ? msgs / kQuickPart : msgs;
        scenario.options.warmup = scenario.options.msgs / 10;
        scenarios_.push_back(std::move(scenario));
        return scenarios_.back().options;
    }

    std::vector<Scenario> take() { return std::move(scenarios_); }

private:
    bool quick_;
    std::vector<Scenario> scenarios_;
};

Wish cpu(double leastRatio) {
    return {Measure::cpu, leastRatio};
}

void addThroughput(Builder& builder) {
    builder.add("pub-16B", Mode::pub, 16, 20'000'000, {cpu(4.5)});
    builder.add("1:1-16B", Mode::pubsub, 16, 8'000'000, {cpu(7)});
    builder.add("1:1-128B", Mode::pubsub, 128, 6'000'000,
                {cpu(5), {Measure::instructions, 0, 450}});
    builder.add("1:1-16B-1000-subjects", Mode::pubsub, 16, 5'000'000, {cpu(6)}).subjects = 1000;
    builder.add("1:1-1KiB", Mode::pubsub, 1024, 2'000'000, {cpu(3)});
    builder.add("1:1-64KiB", Mode::pubsub, 65536, 25'000, {cpu(4)});
    builder.add("1:10-128B", Mode::fanout, 128, 1'000'000,
                {cpu(4.5), {Measure::instructions, 0, 220}});
    builder.add("1:100-128B", Mode::fanout, 128, 100'000, {cpu(3.5)}).subs = 100;
    Options& four = builder.add("4:4-128B", Mode::pubsub, 128, 6'000'000, {cpu(4)});
    four.pairs = true;
    four.pubs = 4;
    four.subs = 4;
    builder.add("queue-10-128B", Mode::queue, 128, 4'000'000, {cpu(5)});
    builder.add("1:1-128B-one-by-one", Mode::pubsub, 128, 750'000, {cpu(1), {Measure::rate, 1}})
        .writeSize = 1;
}

void addRequests(Builder& builder) {
    builder.add("request-1", Mode::request, 16, 50'000, {{Measure::p50, 1.2}, {Measure::p99, 1.2}});
    builder.add("request-64", Mode::request, 16, 1'000'000, {{Measure::rate, 1.5}}).inflight = 64;
}

void addHeld(Builder& builder, bool quick) {
    Options& match = builder.add("match-1M", Mode::match, 16, 500'000, {cpu(3)});
    match.wildcardShare = 0.05;
    Options& idle =
        builder.add("idle-connections", Mode::idle, 0, 1, {{Measure::bytesHeld, 0, 2048}});
    idle.count = quick ? 2'000 : 10'000;
    Options& subs = builder.add("subscriptions", Mode::subs, 0, 1, {{Measure::bytesHeld, 0, 250}});
    subs.count = quick ? 250'000 : 1'000'000;
    subs.wildcardShare = 0.05;
}

/// The server's part of it is mostly OpenSSL's, so the bars are lower than without TLS.
void addTls(Builder& builder, bool quick) {
    const Wish soonAnswered{Measure::p99, 0, 5000};
    builder.add("tls-1:1-128B", Mode::pubsub, 128, 4'000'000, {cpu(2)}).server.tls = true;
    builder.add("tls-1:1-8KiB", Mode::pubsub, 8192, 200'000, {cpu(1.67)}).server.tls = true;
    Options& idle =
        builder.add("tls-idle-connections", Mode::idle, 0, 1, {{Measure::bytesHeld, 0, 14 * 1024}});
    idle.server.tls = true;
    idle.count = quick ? 1'000 : 5'000;
    constexpr double kRate = 1000;
    for (const std::uint64_t stalled : {0, 5'000}) {
        Options& connect = builder.add(
            stalled == 0 ? "tls-connect" : "tls-connect-5000-stalled", Mode::connect, 0, 1,
            {{Measure::rate, 0, 0, 0.99 * kRate}, soonAnswered, {Measure::connectP99, 1}, cpu(1)});
        connect.server.tls = true;
        connect.rate = kRate;
        connect.count = quick ? 3'000 : 10'000;
        connect.stalled = stalled;
    }
}

}  // namespace

std::vector<Scenario> allScenarios(bool quick, bool instructions) {
    Builder builder(quick);
    addThroughput(builder);
    addRequests(builder);
    addHeld(builder, quick);
    addTls(builder, quick);
    std::vector<Scenario> scenarios = builder.take();
    for (Scenario& scenario : scenarios) {
        scenario.options.countInstructions = instructions;
        std::erase_if(scenario.wishes, [&](const Wish& wish) {
            return (wish.measure == Measure::instructions) != instructions;
        });
    }
    std::erase_if(scenarios, [](const Scenario& scenario) { return scenario.wishes.empty(); });
    return scenarios;
}

std::optional<double> valueOf(const Result& result, Measure measure) {
    switch (measure) {
        case Measure::cpu:
            return result.serverMicroseconds();
        case Measure::rate:
            return result.rate();
        case Measure::p50:
            return result.latency ? std::optional(result.latency->p50) : std::nullopt;
        case Measure::p99:
            return result.latency ? std::optional(result.latency->p99) : std::nullopt;
        case Measure::connectP99:
            return result.connecting ? std::optional(result.connecting->p99) : std::nullopt;
        case Measure::bytesHeld: {
            const std::optional<double> bytes = result.bytesHeld();
            return bytes ? std::optional(*bytes - result.subjectBytes) : std::nullopt;
        }
        case Measure::instructions:
            return result.serverInstructions();
    }
    return std::nullopt;
}

const char* measureName(Measure measure) {
    switch (measure) {
        case Measure::cpu:
            return "CPU us each";
        case Measure::rate:
            return "a second";
        case Measure::p50:
            return "p50 us";
        case Measure::p99:
            return "p99 us";
        case Measure::connectP99:
            return "connect p99 us";
        case Measure::bytesHeld:
            return "bytes each";
        case Measure::instructions:
            return "instructions";
    }
    return "";
}

double ratioOf(Measure measure, double theirs, double ours) {
    const double above = measure == Measure::rate ? ours : theirs;
    const double below = measure == Measure::rate ? theirs : ours;
    return below > 0 ? above / below : std::numeric_limits<double>::infinity();
}

}  // namespace gnatsd::bench
