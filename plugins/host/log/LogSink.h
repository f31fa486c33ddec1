// LogSink: where log records end: the console, a file, a syslog.
//
// A sink does not lose records: when its output is stuck, full or away, it waits and tries again,
// and what cannot be kept meanwhile is lost, and counted, in the Logger's bounded queue.
//
// Threads: write() on the Logger's writer thread; giveUp() from any.

#pragma once

#include "plugins/host/log/LogRecord.h"
#include "plugins/host/log/OutputWait.h"

#include <cstddef>
#include <span>

namespace gnatsd::host {

class LogSink {
public:
    LogSink() = default;
    virtual ~LogSink() = default;
    LogSink(const LogSink&) = delete;
    LogSink& operator=(const LogSink&) = delete;

    /// Writes the records in their order, as long as that takes. Answers how many are done with:
    /// all, or fewer after giveUp().
    virtual std::size_t write(std::span<const LogRecord> records) = 0;

    /// From now on write() does what it can without waiting.
    void giveUp() noexcept { wait_.cancel(); }

protected:
    OutputWait& outputWait() noexcept { return wait_; }

private:
    OutputWait wait_;
};

}  // namespace gnatsd::host
