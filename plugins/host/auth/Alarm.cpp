#include "plugins/host/auth/Alarm.h"

#include <utility>

namespace gnatsd::host::auth {

bool Alarm::at(Clock::time_point when, std::function<void()> call) {
    const kernel::MutexLock lock(mutex_);
    if (stopping_) {
        return false;
    }
    calls_.emplace(when, std::move(call));
    if (!thread_.joinable()) {
        thread_ = std::thread([this] { serve(); });
    }
    changed_.notify_one();
    return true;
}

void Alarm::serve() {
    for (;;) {
        std::function<void()> call;
        {
            const kernel::MutexLock lock(mutex_);
            if (stopping_) {
                return;
            }
            if (calls_.empty()) {
                changed_.wait(mutex_);
                continue;
            }
            const auto first = calls_.begin();
            if (const Clock::time_point when = first->first; when > Clock::now()) {
                changed_.wait_until(mutex_, when);
                continue;
            }
            call = std::move(first->second);
            calls_.erase(first);
        }
        call();
    }
}

void Alarm::stop() {
    std::multimap<Clock::time_point, std::function<void()>> dropped;
    std::thread thread;
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
        dropped.swap(calls_);
        thread.swap(thread_);
        changed_.notify_all();
    }
    if (thread.joinable()) {
        thread.join();
    }
}

}  // namespace gnatsd::host::auth
