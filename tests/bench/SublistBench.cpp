// Sublist: match, insert and remove over a thousand and a million subscriptions.
//
// Subjects are taken in a scattered order, so that a million of them are really visited. Counter
// list_bytes: heap per subscription beyond the Subscription objects themselves.

#include "kernel/Check.h"
#include "kernel/Sublist.h"
#include "kernel/Subscription.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace gnatsd::kernel {

namespace {

std::size_t heapInUse() {
#if defined(__GLIBC__)
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

enum class Kind { literal, wildcard };

// Of ten patterns nine are like svc.17.*.x, one like a.b.17.>.
std::string patternOf(Kind kind, std::size_t i) {
    const std::string number = std::to_string(i);
    if (kind == Kind::literal) {
        return "orders.eu." + number + ".created";
    }
    return i % 10 == 0 ? "a.b." + number + ".>" : "svc." + number + ".*.x";
}

std::string subjectOf(Kind kind, std::size_t i) {
    const std::string number = std::to_string(i);
    if (kind == Kind::literal) {
        return "orders.eu." + number + ".created";
    }
    return i % 10 == 0 ? "a.b." + number + ".c.d" : "svc." + number + ".host7.x";
}

struct Filled {
    Filled(Kind kind, std::size_t size) {
        all.reserve(size);
        for (std::size_t i = 0; i < size; ++i) {
            all.push_back(Subscription::make(nullptr, patternOf(kind, i), {}, "1"));
        }
        list = std::make_unique<Sublist>();
        const std::size_t before = heapInUse();
        for (const Ref<Subscription>& one : all) {
            list->insert(one);
        }
        bytesEach = static_cast<double>(heapInUse() - before) / static_cast<double>(size);
    }

    std::unique_ptr<Sublist> list;
    std::vector<Ref<Subscription>> all;
    double bytesEach = 0;
};

// Steps through 0..size-1 in an order without locality; `size` is a power of ten.
class Scatter {
public:
    explicit Scatter(std::size_t size) : size_(size) { GNATSD_CHECK(size > 0); }

    std::size_t next() noexcept {
        at_ = (at_ + 618'033'989) % size_;
        return at_;
    }

private:
    std::size_t size_;
    std::size_t at_ = 0;
};

std::vector<std::string> scatteredSubjects(Kind kind, std::size_t size, std::size_t from) {
    Scatter scatter(size);
    std::vector<std::string> subjects;
    subjects.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
        subjects.push_back(subjectOf(kind, from + scatter.next()));
    }
    return subjects;
}

void match(benchmark::State& state, Kind kind, bool subscribed) {
    const auto size = static_cast<std::size_t>(state.range(0));
    const Filled filled(kind, size);
    const std::vector<std::string> subjects = scatteredSubjects(kind, size, subscribed ? 0 : size);
    std::size_t found = 0;
    std::size_t i = 0;
    for ([[maybe_unused]] auto _ : state) {
        Sublist::Stamp stamp;
        found += filled.list->match(subjects[i], stamp)->plain.size();
        i = i + 1 == size ? 0 : i + 1;
    }
    const auto expected = subscribed ? static_cast<std::size_t>(state.iterations()) : 0;
    if (found != expected) {
        state.SkipWithError("wrong number of matches");
    }
    state.counters["list_bytes"] = filled.bytesEach;
}

void hit(benchmark::State& state, Kind kind) {
    match(state, kind, true);
}
void miss(benchmark::State& state, Kind kind) {
    match(state, kind, false);
}

// A SUB and UNSUB of another subject between two matches.
void churn(benchmark::State& state, Kind kind) {
    const auto size = static_cast<std::size_t>(state.range(0));
    const Filled filled(kind, size);
    const std::vector<std::string> subjects = scatteredSubjects(kind, size, 0);
    Scatter scatter(size);
    std::size_t i = 0;
    for ([[maybe_unused]] auto _ : state) {
        const Ref<Subscription>& one = filled.all[scatter.next()];
        filled.list->remove(*one);
        Sublist::Stamp stamp;
        benchmark::DoNotOptimize(filled.list->match(subjects[i], stamp));
        filled.list->insert(one);
        i = i + 1 == size ? 0 : i + 1;
    }
}

void pair(benchmark::State& state, Kind kind) {
    const auto size = static_cast<std::size_t>(state.range(0));
    const Filled filled(kind, size);
    Scatter scatter(size);
    for ([[maybe_unused]] auto _ : state) {
        const Ref<Subscription>& one = filled.all[scatter.next()];
        filled.list->remove(*one);
        filled.list->insert(one);
    }
}

// UNSUB and SUB in a crowd on one subject.
void pairOnOneSubject(benchmark::State& state) {
    const auto size = static_cast<std::size_t>(state.range(0));
    Sublist list;
    std::vector<Ref<Subscription>> all;
    for (std::size_t i = 0; i < size; ++i) {
        all.push_back(Subscription::make(nullptr, "hot.subject", {}, "1"));
        list.insert(all.back());
    }
    Scatter scatter(size);
    for ([[maybe_unused]] auto _ : state) {
        const Ref<Subscription>& one = all[scatter.next()];
        list.remove(*one);
        list.insert(one);
    }
}

// Fills and empties a list: the growing of the tables is in here.
void fillAndEmpty(benchmark::State& state, Kind kind) {
    const auto size = static_cast<std::size_t>(state.range(0));
    const Filled filled(kind, size);
    double kept = 0;
    for ([[maybe_unused]] auto _ : state) {
        Sublist list;
        const std::size_t before = heapInUse();
        for (const Ref<Subscription>& one : filled.all) {
            list.insert(one);
        }
        for (const Ref<Subscription>& one : filled.all) {
            list.remove(*one);
        }
        kept = static_cast<double>(heapInUse()) - static_cast<double>(before);
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.counters["bytes_kept"] = kept;
}

void fresh(benchmark::State& state, bool changes) {
    Sublist list;
    const Ref<Subscription> other = Subscription::make(nullptr, "other.subject", {}, "1");
    Sublist::Stamp stamp;
    const Ref<MatchResult> result = list.match("orders.eu.4711.created", stamp);
    list.insert(other);
    std::size_t hits = 0;
    for ([[maybe_unused]] auto _ : state) {
        if (changes) {
            --stamp.version;
        }
        hits += list.fresh("orders.eu.4711.created", stamp) ? 1 : 0;
    }
    benchmark::DoNotOptimize(hits);
}

}  // namespace

#define GNATSD_SUBLIST_BENCH(function)                                            \
    BENCHMARK_CAPTURE(function, literal, Kind::literal)->Arg(1000)->Arg(1000000); \
    BENCHMARK_CAPTURE(function, wildcard, Kind::wildcard)->Arg(1000)->Arg(1000000)

GNATSD_SUBLIST_BENCH(hit);
GNATSD_SUBLIST_BENCH(miss);
GNATSD_SUBLIST_BENCH(churn);
GNATSD_SUBLIST_BENCH(pair);
BENCHMARK(pairOnOneSubject)->Arg(10)->Arg(10000);
BENCHMARK_CAPTURE(fillAndEmpty, literal, Kind::literal)
    ->Arg(1000000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fillAndEmpty, wildcard, Kind::wildcard)
    ->Arg(1000000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fresh, nothingChanged, false);
BENCHMARK_CAPTURE(fresh, otherSubjectChanged, true);

}  // namespace gnatsd::kernel
