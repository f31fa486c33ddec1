// SignalWait: the signals the program lives by (CLI-80 to CLI-85), one event after the other.
//
// ALRM is the program's own: wake() and the tick use it, so that one wait has all there is to wait
// for, without a thread or a descriptor. Poco's own wait knows neither HUP nor the user signals.
//
// Threads: main; wake() from any.
// Requires: constructed in main() before any thread exists; threads inherit the blocked signals, so
// none of them is ever interrupted by one.

#pragma once

#include "kernel/Log.h"

#include <chrono>

namespace gnatsd::host {

enum class Event { interrupt, terminate, reload, reopenLog, lameDuck, wake };

class SignalWait {
public:
    /// Blocks INT, TERM, HUP, USR1, USR2 and ALRM, and ignores PIPE.
    SignalWait();

    SignalWait(const SignalWait&) = delete;
    SignalWait& operator=(const SignalWait&) = delete;

    /// Blocks until there is something to do. A trapped signal is logged (LOG-84). Of several that
    /// have come meanwhile those that end the program are answered first.
    Event wait(kernel::Log& log);

    /// Makes wait() answer Event::wake, now or when it is called next. May do so without a reason
    /// and once for several calls: whoever calls leaves word elsewhere.
    void wake() noexcept;

    /// From now on wait() answers Event::wake at least once in every `interval`.
    void setTick(std::chrono::microseconds interval);

    /// From now on INT and TERM end the process at once, with status 1: for a stop that takes too
    /// long. One that has come already counts.
    void exitOnStop();
};

}  // namespace gnatsd::host
