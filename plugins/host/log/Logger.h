// Logger: the server's log: a queue in front of a sink (LOG-1 to LOG-42).
//
// When the output cannot keep up the queue fills, further lines are counted and dropped, and a line
// says how many were lost: a slow terminal or a full disk never slows a reactor.
//
// Threads: all from any. write() queues and returns; one thread of the logger's own does the I/O.
// Lifetime: outlives everything that logs. The destructor writes out what is queued, for at most
// kPatience if the output is stuck.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "plugins/host/log/LogRecord.h"
#include "plugins/host/log/LogSettings.h"
#include "plugins/host/log/LogSink.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gnatsd::host {

class Logger final : public kernel::Log {
public:
    static constexpr std::chrono::seconds kPatience{2};
    static constexpr std::size_t kCapacity = 8 * 1024 * 1024;  // bytes that may wait

    /// Opens the log that the settings ask for; throws HostError as makeSink().
    Logger(const LogSettings& settings, const std::string& executable);

    explicit Logger(std::unique_ptr<LogSink> sink, std::size_t capacity = kCapacity);
    ~Logger() override;

    /// Queues one line, if its level is on. A fatal line is on its way to the output when this
    /// returns, unless that took longer than kPatience; ending the process is the caller's part.
    void write(kernel::Level level, std::string_view text) noexcept override
        GNATSD_EXCLUDES(mutex_);

    /// Blocks until all that was queued before is written, at most kPatience; while the output is
    /// known to be stuck, not at all. False when something is not written yet.
    bool flush() GNATSD_EXCLUDES(mutex_);

    /// Goes on with these settings; nothing that was logged before is lost. Throws HostError, and
    /// keeps the log as it is, when the new one cannot be opened (OPT-211).
    void reconfigure(const LogSettings& settings) GNATSD_EXCLUDES(switching_, mutex_);

    /// Opens the log file by its name again, for who renamed it (LOG-31).
    void reopen() GNATSD_EXCLUDES(switching_, mutex_);

    /// How many lines were lost so far.
    std::uint64_t lost() const GNATSD_EXCLUDES(mutex_);

private:
    struct Entry {
        LogTime time;
        std::size_t length = 0;
        kernel::Level level = kernel::Level::info;
    };

    // What waits: the entries, and their texts one after the other.
    struct Queue {
        std::vector<Entry> entries;
        std::string texts;
        std::uint64_t lost = 0;
    };

    // The sink to go on with, and its first line.
    struct Successor {
        std::unique_ptr<LogSink> sink;
        std::string greeting;
    };

    Logger(std::unique_ptr<LogSink> sink, std::size_t capacity, LogSettings settings,
           std::string executable);

    bool isOn(kernel::Level level) const noexcept;
    void handOver(Successor successor) GNATSD_REQUIRES(switching_) GNATSD_EXCLUDES(mutex_);

    // Of the writer thread.
    void run();
    bool takeBatch(Queue& batch) GNATSD_EXCLUDES(mutex_);
    void finish(std::uint64_t lines) GNATSD_REQUIRES(mutex_);
    bool switchSink() GNATSD_EXCLUDES(mutex_);
    void writeOut(const Queue& batch);
    void writeRecords(std::span<const LogRecord> records);

    const std::size_t capacity_;
    const std::string executable_;

    kernel::Mutex switching_;  // before mutex_
    LogSettings settings_ GNATSD_GUARDED_BY(switching_);

    mutable kernel::Mutex mutex_;
    std::condition_variable_any arrived_;
    std::condition_variable_any written_;
    Queue queue_ GNATSD_GUARDED_BY(mutex_);
    Successor next_ GNATSD_GUARDED_BY(mutex_);
    std::unique_ptr<LogSink> sink_ GNATSD_GUARDED_BY(mutex_);
    std::uint64_t queued_ GNATSD_GUARDED_BY(mutex_) = 0;    // lines since the beginning
    std::uint64_t finished_ GNATSD_GUARDED_BY(mutex_) = 0;  // of these, written or given up
    bool stuck_ GNATSD_GUARDED_BY(mutex_) = false;
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;
    std::uint64_t lost_ GNATSD_GUARDED_BY(mutex_) = 0;

    // Of the writer thread.
    LogSink* output_;  // is sink_, which nobody else replaces
    std::vector<LogRecord> records_;

    std::thread writer_;
};

}  // namespace gnatsd::host
