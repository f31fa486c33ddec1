#include "plugins/plugintest/Desk.h"

#include "kernel/Mutex.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace gnatsd::plugintest {

namespace {

using Clock = std::chrono::steady_clock;

struct Asked {
    Clock::time_point since;
    std::shared_ptr<const int> asker;
};

}  // namespace

class Desk::Board {
public:
    struct Answer {
        std::uint64_t number;
        Clock::time_point at;
        kernel::AuthAnswer answer;
    };

    std::uint64_t open() GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        ++open_;
        return ++last_;
    }
    void close() GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        --open_;
        changed_.notify_all();
    }
    void put(std::uint64_t number, kernel::AuthAnswer answer) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        answers_.push_back({number, Clock::now(), std::move(answer)});
        changed_.notify_all();
    }
    std::vector<Answer> take(Clock::time_point until) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        while (answers_.empty() && changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
        }
        return std::exchange(answers_, {});
    }
    std::size_t awaitAll(Clock::time_point until) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        while (open_ > 0 && changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
        }
        return open_;
    }

private:
    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<Answer> answers_ GNATSD_GUARDED_BY(mutex_);
    std::uint64_t last_ GNATSD_GUARDED_BY(mutex_) = 0;
    std::size_t open_ GNATSD_GUARDED_BY(mutex_) = 0;
};

/// Open as long as somebody could still answer it.
class Desk::Question {
public:
    explicit Question(std::shared_ptr<Board> board)
        : board_(std::move(board)), number_(board_->open()) {}
    ~Question() { board_->close(); }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

    std::uint64_t number() const { return number_; }
    void answer(kernel::AuthAnswer answer) const { board_->put(number_, std::move(answer)); }

private:
    const std::shared_ptr<Board> board_;
    const std::uint64_t number_;
};

Desk::Desk() : board_(std::make_shared<Board>()) {}

void Desk::run(const Plan& plan, const Begin& begin, const std::function<void(Outcome)>& take) {
    std::map<std::uint64_t, Asked> asked;
    std::size_t started = 0;
    bool isLate = false;
    while (!asked.empty() || (started < plan.times && !isLate)) {
        while (started < plan.times && !isLate && asked.size() < plan.atOnce) {
            const auto question = std::make_shared<Question>(board_);
            Asked& one = asked[question->number()];
            one = {Clock::now(), std::make_shared<const int>(0)};
            ++started;
            begin(one.asker,
                  [question](kernel::AuthAnswer answer) { question->answer(std::move(answer)); });
        }
        // Numbers grow with time, so the first has the next deadline.
        const auto deadline = asked.begin()->second.since + plan.timeout;
        for (Board::Answer& one : board_->take(deadline)) {
            const auto found = asked.find(one.number);
            if (found != asked.end()) {
                const auto took = one.at - found->second.since;
                asked.erase(found);
                take(outcomeOf(std::move(one.answer), took));
            }
        }
        const auto now = Clock::now();
        isLate |= std::erase_if(asked, [&](const auto& one) {
                      if (now - one.second.since < plan.timeout) {
                          return false;
                      }
                      Outcome late;
                      late.took = now - one.second.since;
                      take(std::move(late));
                      return true;
                  }) > 0;
    }
}

std::size_t Desk::unreturned(std::chrono::milliseconds patience) const {
    return board_->awaitAll(Clock::now() + patience);
}

}  // namespace gnatsd::plugintest
