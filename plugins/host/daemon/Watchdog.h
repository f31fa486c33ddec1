// Watchdog: signs of life for the service manager, given only while every reactor still works.
//
// A round posts one task to each reactor; when the last of them has run, a sign is given and, half
// a watchdog's time after the round began, the next round begins. A reactor that hangs therefore
// ends the signs, and so does a main thread that hangs.
//
// Threads: main; the posted tasks run on the reactors.
// Lifetime: notify and reactors outlive it; tasks that still wait may outlive it and call
// `wakeMain` then.

#pragma once

#include "plugins/host/daemon/Notify.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace gnatsd::host {

class Watchdog {
public:
    using Task = std::function<void()>;

    /// Who is to show that it works: how many there are, and how to give one a task.
    struct Probed {
        std::size_t count = 0;
        std::function<void(std::size_t index, Task task)> post;
    };

    /// `timeout` 0: nobody watches, and all calls do nothing. `wakeMain` is called on a reactor and
    /// makes main call look().
    Watchdog(std::chrono::microseconds timeout, Notify& notify, Probed probed,
             std::function<void()> wakeMain);

    /// Begins the first round. From now on look() is to be called at least once in this time;
    /// 0: never.
    std::chrono::microseconds start();

    /// Gives a sign of life, begins the next round: whichever is due.
    void look();

private:
    using Clock = std::chrono::steady_clock;

    struct Round {
        std::atomic<std::size_t> missing{0};
        bool told = false;
    };

    void begin();

    const std::chrono::microseconds interval_;
    Notify& notify_;
    const Probed probed_;
    const std::function<void()> wakeMain_;
    std::shared_ptr<Round> round_;  // also the waiting tasks'
    Clock::time_point next_;
};

}  // namespace gnatsd::host
