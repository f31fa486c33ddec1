// Logger: the log on standard error (LOG-1 to LOG-10, LOG-21).
//
// Threads: write() from any; it queues and returns, one thread of the logger's own does the I/O.
// When the output cannot keep up the queue fills, further lines are counted and dropped, and a line
// says how many were lost: a slow terminal never slows a reactor.
// Lifetime: outlives everything that logs. The destructor writes out what is queued, for at most
// kPatience if the output is stuck.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gnatsd::host {

class Logger final : public kernel::Log {
public:
    struct Settings {
        int output = 2;                          // a file descriptor; stays open
        bool logtime = true;                     // LOG-2
        bool colours = false;                    // LOG-5
        std::size_t capacity = 8 * 1024 * 1024;  // bytes that may wait
    };

    static constexpr std::chrono::seconds kPatience{2};

    explicit Logger(Settings settings);
    ~Logger() override;

    /// Settings for standard error: coloured if that is a character device.
    static Settings standardError(bool logtime);

    /// Queues one line, if its level is on. A fatal line is on its way to the output when this
    /// returns; ending the process is the caller's part.
    void write(kernel::Level level, std::string_view text) noexcept override
        GNATSD_EXCLUDES(mutex_);

    /// Blocks until all that was queued before is written, at most kPatience.
    void flush() GNATSD_EXCLUDES(mutex_);

private:
    using Clock = std::chrono::system_clock;

    struct Record {
        Clock::time_point time;
        std::size_t length = 0;
        kernel::Level level = kernel::Level::info;
    };

    // What waits: the records, and their texts one after the other.
    struct Queue {
        std::vector<Record> records;
        std::string texts;
        std::uint64_t lost = 0;
    };

    bool isOn(kernel::Level level) const noexcept;
    void run();
    void writeOut(const Queue& queue);
    void writeLine(const Record& record, std::string_view text);
    void appendTime(Clock::time_point time);
    void writeBytes(std::string_view bytes);

    const Settings settings_;
    const std::string pid_;
    const bool isPipe_;

    kernel::Mutex mutex_;
    std::condition_variable_any arrived_;
    std::condition_variable_any written_;
    Queue queue_ GNATSD_GUARDED_BY(mutex_);
    bool writing_ GNATSD_GUARDED_BY(mutex_) = false;
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;
    std::atomic<bool> givenUp_{false};

    // Of the writer thread.
    std::string line_;
    std::time_t second_ = -1;
    std::string secondText_;

    std::thread writer_;
};

}  // namespace gnatsd::host
