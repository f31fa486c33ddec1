#include "tests/interop/mainjob/Tally.h"

#include <chrono>
#include <numeric>
#include <utility>

namespace gnatsd::interop::mainjob {
namespace {

constexpr std::size_t kShown = 10;
constexpr std::chrono::seconds kStall{30};
constexpr std::chrono::milliseconds kLookForProblems{200};

}  // namespace

void Problems::add(const std::string& text) {
    ++count_;
    const std::lock_guard lock(mutex_);
    if (first_.size() < kShown) {
        first_.push_back(text);
    }
}

std::string Problems::text() const {
    const std::lock_guard lock(mutex_);
    std::string all = count_ == 0 ? "none" : std::to_string(count_) + ", the first:";
    for (const std::string& problem : first_) {
        all += "\n    " + problem;
    }
    return all;
}

Tally::Tally(std::string name, std::string pattern, Filter filter, const Plan& plan)
    : name_(std::move(name)),
      pattern_(std::move(pattern)),
      perPublisher_(plan.messagesPerPublisher()),
      seen_(kPublishers * perPublisher_ / 64 + 1) {
    for (std::uint32_t i = 0; i < kSubjects; ++i) {
        wanted_.push_back(filter(i / (kKinds * kItems), i / kItems % kKinds, i % kItems));
    }
}

bool Tally::count(const Identity& identity) {
    const std::uint64_t index = identity.publisher * perPublisher_ + identity.sequence;
    const std::uint64_t bit = std::uint64_t{1} << (index % 64);
    if ((seen_[index / 64].fetch_or(bit) & bit) != 0) {
        return false;
    }
    // The waiter announces first and looks second, this side counts first and looks second: one of
    // the two sees the other.
    if (++received_[identity.publisher] == awaited_[identity.publisher]) {
        const std::lock_guard lock(mutex_);
        reached_.notify_all();
    }
    return true;
}

bool Tally::await(std::uint32_t publisher, std::uint64_t messages, const Problems& problems) {
    awaited_[publisher] = messages;
    const auto deadline = std::chrono::steady_clock::now() + kStall;
    std::unique_lock lock(mutex_);
    while (received_[publisher] < messages) {
        if (problems.any() || std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        reached_.wait_for(lock, kLookForProblems);
    }
    return true;
}

std::uint64_t Tally::received() const {
    return std::accumulate(received_.begin(), received_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& each) { return sum + each; });
}

}  // namespace gnatsd::interop::mainjob
