// Log: port through which kernel and transports write log lines (LOG-3).
//
// Threads: any. write() never blocks on I/O; the host's implementation queues.
// Lifetime: outlives every session and reactor.

#pragma once

#include <atomic>
#include <string_view>

namespace gnatsd::kernel {

enum class Level { fatal, error, warning, info, debug, trace };

class Log {
public:
    Log() = default;
    virtual ~Log() = default;
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// One line without newline. `text` may hold bytes from a peer only after quote() (LOG-52).
    virtual void write(Level level, std::string_view text) noexcept = 0;

    /// Ask before formatting: a line that is off must cost one load.
    bool debugOn() const noexcept { return debug_.load(std::memory_order_relaxed); }
    bool traceOn() const noexcept { return trace_.load(std::memory_order_relaxed); }

    void setDebug(bool on) noexcept { debug_.store(on, std::memory_order_relaxed); }
    void setTrace(bool on) noexcept { trace_.store(on, std::memory_order_relaxed); }

private:
    // Relaxed: a line more or less around the switch does not matter.
    std::atomic<bool> debug_{false};
    std::atomic<bool> trace_{false};
};

}  // namespace gnatsd::kernel
