// FailureTable: which addresses have failed to authenticate, and how long their next checks wait.
//
// A few failures cost nothing; each more doubles the delay. Failures are forgotten, one every few
// seconds. Only so many checks of one address wait; more are refused. The delay comes before the
// check, for right and wrong secrets alike, so it also holds for those who try many at once.
//
// Threads: any; the lock is a leaf.

#pragma once

#include "kernel/Mutex.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace gnatsd::host::auth {

class FailureTable {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t kMostAddresses = 16384;
    static constexpr unsigned kFree = 10;        // failures without delay
    static constexpr std::size_t kWaiting = 16;  // checks of one address
    static constexpr std::chrono::milliseconds kFirstDelay{50};
    static constexpr std::chrono::milliseconds kLongestDelay{1000};
    static constexpr std::chrono::seconds kForgetOne{3};

    /// How long a check from there has to wait, in most cases not at all; nothing when too many
    /// wait already. After a delay: leave().
    std::optional<std::chrono::milliseconds> enter(const std::string& source, Clock::time_point now)
        GNATSD_EXCLUDES(mutex_);
    void leave(const std::string& source) GNATSD_EXCLUDES(mutex_);

    void failed(const std::string& source, Clock::time_point now) GNATSD_EXCLUDES(mutex_);

    std::size_t size() const GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        return sources_.size();
    }

private:
    struct Source {
        unsigned failures = 0;
        std::size_t waiting = 0;
        Clock::time_point counted;  // up to when failures are forgotten
    };

    static void forget(Source& source, Clock::time_point now);
    void makeRoom(Clock::time_point now) GNATSD_REQUIRES(mutex_);

    mutable kernel::Mutex mutex_;
    std::unordered_map<std::string, Source> sources_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::host::auth
