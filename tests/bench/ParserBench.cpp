// The parser alone: messages in one buffer, in the forms that clients send.

#include "kernel/Parser.h"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace gnatsd::kernel;

constexpr std::size_t kMessages = 2000;

/// `subjects` different subjects in turn; with one, every line is like the one before.
std::string input(std::size_t payload, std::size_t subjects, bool reply) {
    std::string bytes;
    for (std::size_t i = 0; i < kMessages; ++i) {
        bytes += "PUB bench." + std::to_string(i % subjects) + " ";
        if (reply) {
            bytes += "_INBOX.Zc5kkfwq0bQ3nTRkkjyNkS." + std::to_string(i) + " ";
        }
        bytes += std::to_string(payload) + "\r\n" + std::string(payload, 'x') + "\r\n";
    }
    return bytes;
}

void parseAll(benchmark::State& state, bool reply) {
    const std::string bytes = input(static_cast<std::size_t>(state.range(0)),
                                    static_cast<std::size_t>(state.range(1)), reply);
    const Limits limits;
    for (auto _ : state) {
        Parser parser(limits);
        Op op;
        std::string_view in = bytes;
        std::size_t count = 0;
        while (parser.next(in, op) == Event::publish) {
            benchmark::DoNotOptimize(op.message.subject.data());
            ++count;
        }
        if (count != kMessages) {
            state.SkipWithError("messages were lost");
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kMessages));
}

void publish(benchmark::State& state) {
    parseAll(state, false);
}
BENCHMARK(publish)
    ->ArgNames({"payload", "subjects"})
    ->Args({16, 1})
    ->Args({16, 1000})
    ->Args({128, 1})
    ->Args({1024, 1});

void publishWithReply(benchmark::State& state) {
    parseAll(state, true);
}
BENCHMARK(publishWithReply)->ArgNames({"payload", "subjects"})->Args({16, 1})->Args({128, 1000});

/// What cutting costs: the same input in reads of a given size.
void cutInput(benchmark::State& state) {
    const std::string bytes = input(128, 1, false);
    const auto piece = static_cast<std::size_t>(state.range(0));
    const Limits limits;
    for (auto _ : state) {
        Parser parser(limits);
        std::size_t count = 0;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            Op op;
            std::string_view in = std::string_view(bytes).substr(at, piece);
            while (parser.next(in, op) == Event::publish) {
                ++count;
            }
        }
        if (count != kMessages) {
            state.SkipWithError("messages were lost");
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kMessages));
}
BENCHMARK(cutInput)->ArgName("bytes")->Arg(100)->Arg(1460)->Arg(65536);

}  // namespace
