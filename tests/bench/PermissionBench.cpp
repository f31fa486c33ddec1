// What permissions cost per message: the same load with a user without rules, with 20 rules, and
// with deny rules that deliveries have to be checked against.

#include "kernel/Permissions.h"
#include "tests/bench/DispatchRig.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace gnatsd::bench;
using namespace gnatsd::kernel;

enum Rules : std::int64_t { none, twenty, filtered };

/// Everybody is the same user.
class OneUser final : public AuthGate {
public:
    explicit OneUser(std::shared_ptr<const Permissions> permissions)
        : permissions_(std::move(permissions)) {}
    bool required() const noexcept override { return true; }
    void check(AuthRequest, std::function<void(AuthAnswer)> done) override {
        AuthAnswer answer;
        answer.accepted = true;
        answer.user = "bench";
        answer.permissions = permissions_;
        done(std::move(answer));
    }

private:
    const std::shared_ptr<const Permissions> permissions_;
};

std::shared_ptr<const Permissions> permissions(Rules kind) {
    if (kind == none) {
        return nullptr;
    }
    std::vector<std::string> subjects{"bench.>"};
    for (int i = 0; i < 9; ++i) {
        subjects.push_back("app." + std::to_string(i) + ".*.events");
    }
    PermissionRules rules;
    rules.publish.allow = subjects;
    rules.subscribe.allow = subjects;
    if (kind == filtered) {
        rules.publish.deny = {"bench.secret", "bench.*.private"};
        rules.subscribe.deny = {"bench.secret", "bench.*.private"};
    }
    return Permissions::compile(rules).permissions;
}

void oneToOne(benchmark::State& state) {
    constexpr std::size_t kBatch = 500;
    const auto kind = static_cast<Rules>(state.range(0));
    const auto subjects = static_cast<std::size_t>(state.range(1));
    OneUser gate(permissions(kind));
    Rig rig(&gate);
    rig.add(subjects == 1 && kind != filtered ? "SUB bench.0 1\r\n" : "SUB bench.> 1\r\n");
    Sink& publisher = rig.add("");
    const std::string bytes = messages(kBatch, 16, subjects);
    const std::uint64_t before = rig.shard.counters.outMessages.get();
    for (auto _ : state) {
        publisher.protocol().onBytes(bytes);
        rig.shard.flushAll();
    }
    const auto sent = static_cast<std::uint64_t>(state.iterations()) * kBatch;
    if (rig.shard.counters.outMessages.get() - before != sent) {
        state.SkipWithError("deliveries were lost");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sent));
}
BENCHMARK(oneToOne)
    ->ArgNames({"rules", "subjects"})
    ->ArgsProduct({{none, twenty, filtered}, {1, 500}});

}  // namespace
