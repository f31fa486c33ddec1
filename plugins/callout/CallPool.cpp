#include "plugins/callout/CallPool.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <exception>

namespace gnatsd::callout {

namespace {

constexpr std::chrono::hours kLong{24};

std::string noAnswer(const Settings& settings) {
    return "no answer within " + std::to_string(settings.timeout.count()) + " ms";
}

}  // namespace

CallPool::CallPool(std::shared_ptr<const Settings> settings, MayCall mayCall, Done done)
    : settings_(std::move(settings)), mayCall_(std::move(mayCall)), done_(std::move(done)) {
    for (std::size_t i = 0; i < settings_->connections; ++i) {
        lines_.push_back(std::make_unique<Line>(settings_));
    }
}

CallPool::~CallPool() {
    for (std::thread& thread : threads_) {
        // Threads share this pool, so only one that was left behind can get here.
        thread.detach();
    }
}

void CallPool::start() {
    const auto self = shared_from_this();
    try {
        for (const std::unique_ptr<Line>& line : lines_) {
            threads_.emplace_back([self, &line = *line] { self->serve(line); });
            const std::scoped_lock lock(mutex_);
            ++running_;
        }
        threads_.emplace_back([self] { self->watch(); });
    } catch (...) {
        stop();
        throw;
    }
}

bool CallPool::post(const std::shared_ptr<Call>& call) {
    const std::scoped_lock lock(mutex_);
    if (isStopped_ || isRetired_ || queue_.size() >= settings_->queue) {
        return false;
    }
    queue_.push_back(call);
    changed_.notify_all();
    return true;
}

void CallPool::retire() {
    const std::scoped_lock lock(mutex_);
    isRetired_ = true;
    changed_.notify_all();
}

void CallPool::stop() {
    std::vector<std::shared_ptr<Call>> open;
    {
        const std::scoped_lock lock(mutex_);
        isStopped_ = true;
        open.assign(queue_.begin(), queue_.end());
        queue_.clear();
        for (const std::unique_ptr<Line>& line : lines_) {
            if (line->call) {
                open.push_back(line->call);
                line->connection.cut();
            }
        }
        changed_.notify_all();
    }
    for (const std::shared_ptr<Call>& call : open) {
        finish(*call, {{}, "the server is stopping", true});
    }
    bool isOver = false;
    {
        std::unique_lock lock(mutex_);
        isOver = ended_.wait_for(lock, kStopGrace, [this] { return running_ == 0; });
    }
    for (std::thread& thread : threads_) {
        isOver ? thread.join() : thread.detach();
    }
    threads_.clear();
}

void CallPool::serve(Line& line) {
    while (const std::shared_ptr<Call> call = next(line)) {
        ask(line, *call);
    }
    const std::scoped_lock lock(mutex_);
    --running_;
    changed_.notify_all();
    ended_.notify_all();
}

/// Null when there is nothing more to do, ever.
std::shared_ptr<Call> CallPool::next(Line& line) {
    std::unique_lock lock(mutex_);
    line.call = nullptr;
    changed_.wait(lock, [this] { return isStopped_ || isRetired_ || !queue_.empty(); });
    if (isStopped_ || queue_.empty()) {
        return nullptr;
    }
    line.call = std::move(queue_.front());
    queue_.pop_front();
    line.deadline = Clock::now() + settings_->timeout;
    changed_.notify_all();  // for the one that watches the time
    return line.call;
}

void CallPool::ask(Line& line, Call& call) {
    if (!call.reply.isAwaited()) {
        return;
    }
    if (!mayCall_()) {
        finish(call, {{}, "the service is down", true});
        return;
    }
    Outcome outcome;
    try {
        outcome.answer = line.connection.post(call.body.text(), line.deadline);
    } catch (const Poco::TimeoutException&) {
        outcome.failure = noAnswer(*settings_);
    } catch (const Poco::Exception& error) {
        outcome.failure = error.displayText();
    } catch (const std::exception& error) {
        outcome.failure = error.what();
    }
    if (Clock::now() >= line.deadline) {
        // An error is only how the connection was cut, and an answer may be the part before that.
        outcome = {{}, noAnswer(*settings_), false};
    }
    finish(call, outcome);
}

void CallPool::finish(Call& call, const Outcome& outcome) {
    if (!call.isDone.exchange(true)) {
        done_(call, outcome);
    }
}

void CallPool::watch() {
    for (;;) {
        std::vector<std::shared_ptr<Call>> overdue;
        {
            std::unique_lock lock(mutex_);
            Clock::time_point earliest = Clock::now() + kLong;
            overdue = takeOverdue(Clock::now(), earliest);
            if (overdue.empty()) {
                if (isStopped_ || (isRetired_ && running_ == 0)) {
                    return;
                }
                changed_.wait_until(lock, earliest);
            }
        }
        for (const std::shared_ptr<Call>& call : overdue) {
            finish(*call, {{}, noAnswer(*settings_), false});
        }
    }
}

/// Those whose time is over; their connections are cut, so that their threads come back.
std::vector<std::shared_ptr<Call>> CallPool::takeOverdue(Clock::time_point now,
                                                         Clock::time_point& earliest) {
    std::vector<std::shared_ptr<Call>> overdue;
    for (const std::unique_ptr<Line>& line : lines_) {
        if (!line->call) {
            continue;
        }
        if (line->deadline <= now) {
            line->connection.cut();
            if (!line->call->isDone) {
                overdue.push_back(line->call);
            }
        } else {
            earliest = std::min(earliest, line->deadline);
        }
    }
    return overdue;
}

}  // namespace gnatsd::callout
