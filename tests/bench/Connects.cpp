#include "tests/bench/Connects.h"

#include "tests/bench/FrameRing.h"
#include "tests/bench/Requester.h"
#include "tests/bench/Responder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace gnatsd::bench {

namespace {

constexpr double kEchoRate = 1000;
constexpr int kLowPriority = 10;
constexpr std::uint64_t kEchoWarmup = 500;
constexpr std::chrono::milliseconds kProgressStep{100};

Options echoOptions(const Options& options) {
    Options echo = options;
    echo.size = kWordSize;
    echo.rate = kEchoRate;
    echo.pubs = 1;
    // A second of silence is seen as that.
    echo.inflight = static_cast<std::size_t>(kEchoRate);
    return echo;
}

/// A client that asks and one that answers, both there before the others come.
class Echo {
public:
    Echo(const Options& options, RunState& state)
        : options_(echoOptions(options)),
          state_(state),
          responder_(options_, 0, state),
          requester_(options_, 0),
          answering_([this] { responder_.run(); }) {}

    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    ~Echo() {
        stop();
        responder_.stop();
        answering_.join();
    }

    void warmUp() {
        requester_.run(kEchoWarmup, 0);
        requester_.forget();
    }

    void start() {
        asking_ = std::thread([this] {
            ::prctl(PR_SET_TIMERSLACK, 1UL);
            try {
                requester_.run(std::numeric_limits<std::uint64_t>::max(), 0);
            } catch (const std::exception& error) {
                state_.fail(error.what());
            }
        });
    }

    void stop() {
        requester_.stop();
        if (asking_.joinable()) {
            asking_.join();
        }
    }

    Latency latency() const { return Latency::of(requester_.latency()); }

private:
    const Options options_;
    RunState& state_;
    Responder responder_;
    Requester requester_;
    std::thread answering_;
    std::thread asking_;
};

/// Connections that never come to their CONNECT: with TLS half a record of a handshake is sent.
class Stalled {
public:
    explicit Stalled(const Options& options) {
        constexpr std::string_view kHalfAHello("\x16\x03\x01\x02\x00\x01\x00", 7);
        for (std::uint64_t i = 0; i < options.stalled; ++i) {
            fds_.push_back(dial(options.server, static_cast<std::uint32_t>(i)));
            if (options.server.tls) {
                ::send(fds_.back(), kHalfAHello.data(), kHalfAHello.size(), MSG_NOSIGNAL);
            }
        }
    }

    ~Stalled() {
        for (const int fd : fds_) {
            ::close(fd);
        }
    }

    Stalled(const Stalled&) = delete;
    Stalled& operator=(const Stalled&) = delete;

    std::size_t closed() const {
        return static_cast<std::size_t>(std::count_if(fds_.begin(), fds_.end(), [](int fd) {
            std::array<char, kSmallBuffer> info;
            ssize_t got = 1;
            while (got > 0) {
                got = ::recv(fd, info.data(), info.size(), MSG_DONTWAIT);
            }
            return got == 0 || errno != EAGAIN;
        }));
    }

private:
    std::vector<int> fds_;
};

/// The threads that connect.
class Connectors {
public:
    Connectors(const Options& options, RunState& state)
        : options_(options), state_(state), histograms_(options.connections) {}

    void run() {
        start_ = Clock::now();
        std::vector<std::thread> threads;
        for (Histogram& histogram : histograms_) {
            threads.emplace_back([this, &histogram] { connectInTurn(histogram); });
        }
        const auto ended = [this] { return done_.load() == options_.count; };
        while (!state_.wait(kProgressStep, ended) && !state_.failed()) {
            if (options_.progress) {
                options_.progress(done_.load(), options_.count);
            }
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
    }

    std::uint64_t done() const { return done_.load(); }

    Latency latency() const {
        Histogram all;
        for (const Histogram& histogram : histograms_) {
            all.merge(histogram);
        }
        return Latency::of(all);
    }

private:
    void connectInTurn(Histogram& histogram) {
        ::prctl(PR_SET_TIMERSLACK, 1UL);
        // What these threads compute would be done elsewhere: server and requests go first.
        ::setpriority(PRIO_PROCESS, 0, kLowPriority);
        try {
            for (std::uint64_t i = next_++; i < options_.count && !state_.failed(); i = next_++) {
                auto due = Clock::now();
                if (options_.rate > 0) {
                    const std::chrono::duration<double> after(static_cast<double>(i) /
                                                              options_.rate);
                    due = start_ + std::chrono::duration_cast<Clock::duration>(after);
                    std::this_thread::sleep_until(due);
                }
                const Client client(options_.server, "gnatsd-bench " + std::to_string(i),
                                    static_cast<std::uint32_t>(options_.stalled + i));
                histogram.record(Clock::now() - due);
                if (++done_ == options_.count) {
                    state_.ring();
                }
            }
        } catch (const std::exception& error) {
            state_.fail(error.what());
        }
    }

    const Options& options_;
    RunState& state_;
    std::vector<Histogram> histograms_;
    Clock::time_point start_;
    std::atomic<std::uint64_t> next_{0};
    std::atomic<std::uint64_t> done_{0};
};

}  // namespace

Result runConnect(const Options& options) {
    wantDescriptors(options.stalled + options.connections);
    ServerProbe probe(options.serverPid, options.countInstructions);
    RunState state;
    Echo echo(options, state);
    const Stalled stalled(options);
    Connectors connectors(options, state);
    echo.warmUp();
    probe.begin();
    echo.start();
    connectors.run();
    echo.stop();
    Result result;
    result.usage = probe.end();
    result.mode = modeName(options.mode);
    result.latency = echo.latency();
    result.connecting = connectors.latency();
    result.connected = connectors.done();
    result.units = result.connected;
    result.problems = state.problems();
    if (const std::size_t closed = stalled.closed(); closed != 0) {
        result.problems.push_back("the server has closed " + std::to_string(closed) + " of " +
                                  std::to_string(options.stalled) + " stalled connections");
    }
    return result;
}

}  // namespace gnatsd::bench
