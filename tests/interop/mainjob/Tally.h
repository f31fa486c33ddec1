// What one subscription, or one queue group, has received of each publisher and should receive.
// Threads: any may count; a publisher waits for its own messages.
// Lifetime: outlives the connections whose callbacks count here.
#pragma once

#include "tests/interop/mainjob/Plan.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace gnatsd::interop::mainjob {

/// The first few complaints, and how many there were.
/// Threads: any.
class Problems {
public:
    void add(const std::string& text);
    bool any() const { return count_ > 0; }

    /// "none", or the count and the first few.
    std::string text() const;

private:
    std::atomic<std::uint64_t> count_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> first_;
};

class Tally {
public:
    /// Whether a subject, given by its three numbers, belongs here.
    using Filter = bool (*)(std::uint32_t region, std::uint32_t kind, std::uint32_t item);

    Tally(std::string name, std::string pattern, Filter filter, const Plan& plan);

    const std::string& name() const { return name_; }
    const std::string& pattern() const { return pattern_; }
    bool wants(std::uint32_t subject) const { return wanted_[subject]; }

    /// Counts a message; false when it was counted before.
    bool count(const Identity& identity);

    /// Waits until so many messages of the publisher have come; false after a time-out or once
    /// there are problems.
    bool await(std::uint32_t publisher, std::uint64_t messages, const Problems& problems);

    std::uint64_t received() const;

private:
    std::string name_;
    std::string pattern_;
    std::vector<bool> wanted_;
    std::uint64_t perPublisher_;
    std::vector<std::atomic<std::uint64_t>> seen_;  // A bit for each message of the plan.
    std::array<std::atomic<std::uint64_t>, kPublishers> received_{};
    std::array<std::atomic<std::uint64_t>, kPublishers> awaited_{};
    std::mutex mutex_;
    std::condition_variable reached_;
};

}  // namespace gnatsd::interop::mainjob
