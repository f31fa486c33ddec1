// LameDuck: the slow goodbye of a server (CLI-86, CP-155): clients are told, get a while to leave
// by themselves, and are then closed one by one, so that they do not all reconnect elsewhere at
// once.
//
// Threads: main, and one of its own, which calls `done`.
// Lifetime: broker, pool and log outlive it. The destructor ends it early, without `done`.

#pragma once

#include "kernel/Broker.h"
#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "transports/reactor/ReactorPool.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <thread>

namespace gnatsd::host {

class LameDuck {
public:
    struct Timing {
        std::chrono::milliseconds duration;  // all of it
        std::chrono::milliseconds grace;     // before the first client is closed
    };

    /// Begins at once. `done` is called once, when no client is left or the time is over.
    LameDuck(kernel::Broker& broker, reactor::ReactorPool& pool, kernel::Log& log, Timing timing,
             std::function<void()> done);
    ~LameDuck();
    LameDuck(const LameDuck&) = delete;
    LameDuck& operator=(const LameDuck&) = delete;

private:
    void run() GNATSD_EXCLUDES(mutex_);
    void closeClients(std::chrono::milliseconds time) GNATSD_EXCLUDES(mutex_);
    bool pause(std::chrono::nanoseconds time) GNATSD_EXCLUDES(mutex_);

    kernel::Broker& broker_;
    reactor::ReactorPool& pool_;
    kernel::Log& log_;
    const Timing timing_;
    const std::function<void()> done_;

    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;
    std::thread thread_;
};

}  // namespace gnatsd::host
