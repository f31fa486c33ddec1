// SignalWait: the signals the program lives by (CLI-80 to CLI-85).
//
// Requires: constructed in main() before any thread exists; threads inherit the blocked signals, so
// none of them is ever interrupted by one. Poco's own wait knows neither HUP nor the user signals.

#pragma once

#include "kernel/Log.h"

namespace gnatsd::host {

class SignalWait {
public:
    /// Blocks TERM, INT, HUP, USR1 and USR2 and ignores PIPE.
    SignalWait();

    SignalWait(const SignalWait&) = delete;
    SignalWait& operator=(const SignalWait&) = delete;

    /// Blocks until TERM or INT and logs it. The others are answered with a warning.
    void waitForStop(kernel::Log& log);

    /// From now on TERM ends the process at once, with status 1: for a stop that takes too long.
    void exitOnTerm();
};

}  // namespace gnatsd::host
