#include "tests/bench/Smoke.h"

#include "tests/bench/Options.h"
#include "tests/bench/Run.h"
#include "tests/bench/ServerProcess.h"

#include <future>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::bench {

namespace {

struct Case {
    std::string name;
    Options options;
    std::uint64_t delivered;
};

Options make(Mode mode, std::size_t size, std::uint64_t msgs) {
    Options options = defaultsOf(mode);
    options.size = size;
    options.msgs = msgs;
    options.warmup = msgs / 10;
    return options;
}

Options with(Options options, const std::function<void(Options&)>& change) {
    change(options);
    return options;
}

void overTls(Options& options) {
    options.server.tls = true;
}

void newConnections(Options& options) {
    options.count = 200;
    options.stalled = 20;
}

std::vector<Case> cases() {
    constexpr std::uint64_t kMany = 20'000;
    constexpr std::uint64_t kFew = 2'000;
    return {
        {"pub 16 B", make(Mode::pub, 16, kMany), 0},
        {"1:1 empty", make(Mode::pubsub, 0, kMany), kMany},
        {"1:1 16 B", make(Mode::pubsub, 16, kMany), kMany},
        {"1:1 64 KiB", make(Mode::pubsub, 65536, kFew), kFew},
        {"1:1 one by one",
         with(make(Mode::pubsub, 128, kMany), [](Options& o) { o.writeSize = 1; }), kMany},
        {"1:1 at a rate", with(make(Mode::pubsub, 128, kFew), [](Options& o) { o.rate = 20'000; }),
         kFew},
        {"1:1 for a time", with(make(Mode::pubsub, 128, kFew), [](Options& o) { o.seconds = 0.2; }),
         0},
        {"1,000 subjects",
         with(make(Mode::pubsub, 16, kMany), [](Options& o) { o.subjects = 1000; }), kMany},
        {"1,000 subjects, one wildcard",
         with(make(Mode::pubsub, 16, kMany),
              [](Options& o) {
                  o.subjects = 1000;
                  o.wildcard = true;
              }),
         kMany},
        {"3:3",
         with(make(Mode::pubsub, 128, kMany),
              [](Options& o) {
                  o.pubs = 3;
                  o.subs = 3;
                  o.pubThreads = 2;
                  o.subThreads = 2;
              }),
         3 * kMany},
        {"4:4 in pairs",
         with(make(Mode::pubsub, 128, kMany),
              [](Options& o) {
                  o.pubs = 4;
                  o.subs = 4;
                  o.pairs = true;
              }),
         kMany},
        {"1:10", make(Mode::fanout, 128, kMany), 10 * kMany},
        {"queue group", make(Mode::queue, 128, kMany), kMany},
        {"queue group, 3 publishers",
         with(make(Mode::queue, 128, kMany), [](Options& o) { o.pubs = 3; }), kMany},
        {"request", make(Mode::request, 16, kFew), 2 * kFew},
        {"64 requests in flight",
         with(make(Mode::request, 16, kMany), [](Options& o) { o.inflight = 64; }), 2 * kMany},
        {"requests at a rate",
         with(make(Mode::request, 16, kFew),
              [](Options& o) {
                  o.rate = 10'000;
                  o.inflight = 100;
                  o.pubs = 2;
                  o.subs = 2;
              }),
         2 * kFew},
        {"idle", with(make(Mode::idle, 0, 1), [](Options& o) { o.count = 500; }), 0},
        {"connect", with(make(Mode::connect, 0, 1), newConnections), 0},
        {"1:1 128 B, TLS", with(make(Mode::pubsub, 128, kMany), overTls), kMany},
        {"1:1 64 KiB, TLS", with(make(Mode::pubsub, 65536, kFew), overTls), kFew},
        {"requests, TLS", with(make(Mode::request, 16, kFew), overTls), 2 * kFew},
        {"connect, TLS", with(with(make(Mode::connect, 0, 1), newConnections), overTls), 0},
        {"subs",
         with(make(Mode::subs, 0, 1),
              [](Options& o) {
                  o.count = 20'000;
                  o.connections = 3;
                  o.wildcardShare = 0.1;
              }),
         0},
        {"match",
         with(make(Mode::match, 16, kMany),
              [](Options& o) {
                  o.count = 20'000;
                  o.wildcardShare = 0.1;
              }),
         0},
    };
}

void check(const Case& test, Result& result) {
    const auto expect = [&](const std::string& what, bool holds) {
        if (!holds) {
            result.problems.push_back(what);
        }
    };
    const Mode mode = test.options.mode;
    const bool publishes = mode != Mode::idle && mode != Mode::connect && mode != Mode::subs;
    if (publishes && test.options.seconds == 0) {
        expect("published " + std::to_string(result.published),
               result.published == test.options.msgs);
    }
    if (test.delivered != 0) {
        expect("delivered " + std::to_string(result.delivered) + " of " +
                   std::to_string(test.delivered),
               result.delivered == test.delivered);
    }
    if (test.options.seconds > 0) {
        expect("nothing published in " + std::to_string(test.options.seconds) + " s",
               result.published > 0 && result.published == result.delivered);
    }
    if (mode == Mode::connect) {
        expect("connected " + std::to_string(result.connected),
               result.connected == test.options.count);
        expect("no latency", result.latency && result.latency->count > 0 && result.connecting &&
                                 result.connecting->count == test.options.count);
    } else if (!publishes) {
        expect("holds " + std::to_string(result.held), result.held == test.options.count);
    }
    expect("no CPU time of the server",
           result.usage.serverCpu && result.usage.serverCpu->count() > 0);
}

/// One process publishes, another subscribes, as two users would.
Case subCase() {
    constexpr std::uint64_t kMessages = 5'000;
    return {"sub", make(Mode::sub, 128, kMessages), kMessages};
}

Result runSubAgainstPub(const Case& test) {
    auto subscriber = std::async(std::launch::async, [&] { return run(test.options); });
    // Publish until the subscriber has what it waits for: it may subscribe at any moment.
    Options publisher = make(Mode::pub, test.options.size, 1);
    publisher.server = test.options.server;
    publisher.warmup = 0;
    publisher.rate = 20'000;
    publisher.seconds = 1;
    const Result published = run(publisher);
    Result result = subscriber.get();
    result.published = test.options.msgs;
    result.delivered = std::min(result.delivered, test.options.msgs);
    for (const std::string& problem : published.problems) {
        result.problems.push_back("pub: " + problem);
    }
    return result;
}

bool report(const Case& test, const Result& result) {
    std::cout << (result.problems.empty() ? "ok      " : "FAILED  ") << test.name << "\n";
    for (const std::string& problem : result.problems) {
        std::cout << "        " << problem << "\n";
    }
    return result.problems.empty();
}

}  // namespace

Exit smokeCommand(std::span<const char* const> arguments) {
    if (arguments.size() != 1) {
        throw UsageError("smoke wants the server's executable");
    }
    const ServerProcess plain(arguments.front());
    const ServerProcess secure(arguments.front(), ServerProcess::Transport::tls);
    std::vector<Case> all = cases();
    all.push_back(subCase());
    std::size_t failed = 0;
    for (Case& test : all) {
        const ServerProcess& server = test.options.server.tls ? secure : plain;
        test.options.server = server.endpoint();
        test.options.serverPid = server.pid();
        Result result = test.options.mode == Mode::sub ? runSubAgainstPub(test) : run(test.options);
        check(test, result);
        failed += report(test, result) ? 0 : 1;
    }
    std::cout << all.size() - failed << " passed, " << failed << " failed\n";
    if (failed != 0) {
        std::cout << plain.logTail() << secure.logTail();
    }
    return failed == 0 ? Exit::ok : Exit::checkFailed;
}

}  // namespace gnatsd::bench
