// CallPool: calls to the service, a bounded number at once and a bounded number waiting.
//
// Threads: post(), retire() and stop() any. One thread for each connection, and one that ends calls
// whose time is over. `done` is called on those threads, or inside post() and stop(), outside
// locks. Lifetime: shared with its threads, so that one that hangs in the system (looking up a
// name) can be left behind; stop() or retire() before the owner lets go.

#pragma once

#include "plugins/callout/Answer.h"
#include "plugins/callout/Connection.h"
#include "plugins/callout/Question.h"
#include "plugins/callout/Settings.h"
#include <gnatsd/AsyncAuthenticator.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::callout {

/// One question on its way.
struct Call {
    Call(sdk::AuthReply whom, std::string question, std::string cacheKey, std::string userName)
        : reply(std::move(whom)),
          body(std::move(question)),
          key(std::move(cacheKey)),
          user(std::move(userName)) {}

    const sdk::AuthReply reply;
    const Body body;
    const std::string key;
    const std::string user;
    std::atomic<bool> isDone{false};
};

class CallPool : public std::enable_shared_from_this<CallPool> {
public:
    using Clock = std::chrono::steady_clock;

    struct Outcome {
        HttpAnswer answer;
        std::string failure;  // why there is no answer
        bool wasNotAsked = false;
    };
    using Done = std::function<void(const Call& call, const Outcome& outcome)>;
    using MayCall = std::function<bool()>;

    static constexpr std::chrono::seconds kStopGrace{2};

    CallPool(std::shared_ptr<const Settings> settings, MayCall mayCall, Done done);
    ~CallPool();
    CallPool(const CallPool&) = delete;
    CallPool& operator=(const CallPool&) = delete;

    /// Throws std::system_error when there are no threads; then it has none.
    void start();

    /// False when too many calls wait, or it was stopped.
    bool post(const std::shared_ptr<Call>& call);

    /// Takes no more calls, and ends after those that it has.
    void retire();

    /// Ends all calls as failed, and the threads; for at most kStopGrace. May be called twice.
    void stop();

private:
    struct Line {
        explicit Line(const std::shared_ptr<const Settings>& settings) : connection(settings) {}

        Connection connection;
        std::shared_ptr<Call> call;  // guarded by mutex_, as what follows
        Clock::time_point deadline;
    };

    void serve(Line& line);
    std::shared_ptr<Call> next(Line& line);
    void ask(Line& line, Call& call);
    void finish(Call& call, const Outcome& outcome);
    void watch();
    std::vector<std::shared_ptr<Call>> takeOverdue(Clock::time_point now,
                                                   Clock::time_point& earliest);

    const std::shared_ptr<const Settings> settings_;
    const MayCall mayCall_;
    const Done done_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable ended_;
    std::deque<std::shared_ptr<Call>> queue_;
    std::vector<std::unique_ptr<Line>> lines_;
    bool isRetired_ = false;
    bool isStopped_ = false;
    std::size_t running_ = 0;  // threads that serve

    std::vector<std::thread> threads_;  // the owner's
};

}  // namespace gnatsd::callout
