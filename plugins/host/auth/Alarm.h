// Alarm: one thread that calls functions when their time has come. The functions are short.
//
// Threads: any. Calls are made outside the lock. The thread starts with the first use.
// Lifetime: stop() before the end; what has not come up is then thrown away.

#pragma once

#include "kernel/Mutex.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <thread>

namespace gnatsd::host::auth {

class Alarm {
public:
    using Clock = std::chrono::steady_clock;

    Alarm() = default;
    ~Alarm() { stop(); }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    /// False after stop().
    bool at(Clock::time_point when, std::function<void()> call) GNATSD_EXCLUDES(mutex_);

    void stop() GNATSD_EXCLUDES(mutex_);

private:
    void serve() GNATSD_EXCLUDES(mutex_);

    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::multimap<Clock::time_point, std::function<void()>> calls_ GNATSD_GUARDED_BY(mutex_);
    std::thread thread_ GNATSD_GUARDED_BY(mutex_);
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;
};

}  // namespace gnatsd::host::auth
