// Settings: how the chain of authenticators uses threads, time and memory.
//
// Threads: a value.

#pragma once

#include <chrono>
#include <cstddef>

namespace gnatsd::host::auth {

struct Settings {
    // What an operator may change, also while the server runs.
    std::chrono::milliseconds authTimeout{2000};  // after it the kernel gives up (CP-112)
    std::chrono::seconds cache{300};  // how long a verified secret is remembered; 0: not at all
    bool slowDown = true;             // slow down addresses that fail again and again
    bool logAccepts = false;          // a line for each accepted client: info; else debug

    // Threads and queues, for the life of the chain.
    std::size_t fastWorkers = 2;
    std::size_t slowWorkers = 0;   // 0: all cores but one, at least one
    std::size_t spareWorkers = 8;  // instead of those that do not come back, in each pool
    std::size_t queue = 16384;     // checks that wait, in each pool
    std::size_t answers = 16384;   // that are awaited from asynchronous authenticators

    // Patience with plug-ins.
    std::chrono::milliseconds replaceAfter{1000};  // a call this long: another worker takes over
    std::chrono::milliseconds hungAfter{5000};     // such calls make an authenticator suspect
    std::size_t hungCalls = 2;                     // with so many of them it is not asked
    std::chrono::milliseconds recheckPatience{30000};
    std::chrono::milliseconds recheckPause{1000};  // before somebody unavailable is asked again
    std::chrono::milliseconds stopGrace{2000};
};

}  // namespace gnatsd::host::auth
