#include "tests/bench/RequestReply.h"

#include "tests/bench/Requester.h"
#include "tests/bench/Responder.h"
#include "tests/bench/RunState.h"

#include <deque>
#include <sys/prctl.h>
#include <thread>
#include <vector>

namespace gnatsd::bench {

namespace {

constexpr std::chrono::milliseconds kProgressStep{100};

class RequestRun {
public:
    explicit RequestRun(const Options& options) : options_(options) {
        for (std::size_t i = 0; i < options.subs; ++i) {
            responders_.emplace_back(options, i, state_);
        }
        for (std::size_t i = 0; i < options.pubs; ++i) {
            requesters_.emplace_back(options, i);
        }
        for (Responder& responder : responders_) {
            threads_.emplace_back([&responder] { responder.run(); });
        }
    }

    RequestRun(const RequestRun&) = delete;
    RequestRun& operator=(const RequestRun&) = delete;

    ~RequestRun() {
        for (Responder& responder : responders_) {
            responder.stop();
        }
        for (std::thread& thread : threads_) {
            thread.join();
        }
    }

    void phase(std::uint64_t requests, double seconds);

    std::uint64_t answered() const {
        std::uint64_t sum = 0;
        for (const Requester& requester : requesters_) {
            sum += requester.answered();
        }
        return sum;
    }

    void forget() {
        for (Requester& requester : requesters_) {
            requester.forget();
        }
    }

    const std::deque<Requester>& requesters() const { return requesters_; }
    const RunState& state() const { return state_; }

private:
    const Options& options_;
    RunState state_;
    std::deque<Responder> responders_;
    std::deque<Requester> requesters_;
    std::vector<std::thread> threads_;
};

void RequestRun::phase(std::uint64_t requests, double seconds) {
    std::atomic<std::size_t> running = requesters_.size();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < requesters_.size(); ++i) {
        const std::uint64_t share =
            requests / requesters_.size() + (i < requests % requesters_.size() ? 1 : 0);
        threads.emplace_back([this, i, share, seconds, &running] {
            // The kernel may otherwise wake us 50 us after a request was due.
            ::prctl(PR_SET_TIMERSLACK, 1UL);
            try {
                requesters_[i].run(share, seconds);
            } catch (const std::exception& error) {
                state_.fail(error.what());
            }
            running.fetch_sub(1);
            state_.ring();
        });
    }
    const auto start = Clock::now();
    while (running.load() != 0) {
        state_.wait(kProgressStep, [&] { return running.load() == 0; });
        if (options_.progress && seconds > 0) {
            const std::chrono::duration<double, std::milli> past = Clock::now() - start;
            options_.progress(static_cast<std::uint64_t>(past.count()),
                              static_cast<std::uint64_t>(seconds * 1000));
        } else if (options_.progress) {
            options_.progress(answered(), requests);
        }
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace

Result runRequestReply(const Options& options) {
    ServerProbe probe(options.serverPid, options.countInstructions);
    RequestRun run(options);
    if (options.warmup != 0) {
        run.phase(options.warmup, 0);
        run.forget();
    }
    probe.begin();
    run.phase(options.msgs, options.seconds);
    Result result;
    result.usage = probe.end();
    result.problems = run.state().problems();
    result.mode = modeName(options.mode);
    result.payloadSize = options.size;
    result.publishers = options.pubs;
    result.subscribers = options.subs;
    result.published = run.answered();
    // A request and its reply.
    result.delivered = 2 * run.answered();
    result.units = run.answered();
    Histogram latency;
    Histogram uncorrected;
    for (const Requester& requester : run.requesters()) {
        latency.merge(requester.latency());
        uncorrected.merge(requester.uncorrected());
    }
    result.latency = Latency::of(latency);
    if (options.rate > 0) {
        result.uncorrected = Latency::of(uncorrected);
    }
    return result;
}

}  // namespace gnatsd::bench
