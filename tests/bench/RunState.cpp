#include "tests/bench/RunState.h"

#include <utility>

namespace gnatsd::bench {

namespace {

// One fault often shows at every subscriber: the first ones tell the story.
constexpr std::size_t kMaxProblems = 20;

}  // namespace

void RunState::ring() {
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
}

void RunState::fail(std::string problem) {
    const std::scoped_lock lock(mutex_);
    if (problems_.size() < kMaxProblems) {
        problems_.push_back(std::move(problem));
    }
    changed_.notify_all();
}

bool RunState::failed() const {
    const std::scoped_lock lock(mutex_);
    return !problems_.empty();
}

std::vector<std::string> RunState::problems() const {
    const std::scoped_lock lock(mutex_);
    return problems_;
}

bool RunState::wait(std::chrono::nanoseconds timeout, const std::function<bool()>& done) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [&] { return !problems_.empty() || done(); });
    return done();
}

}  // namespace gnatsd::bench
