#include "plugins/host/log/Logger.h"

#include "plugins/host/HostError.h"
#include "plugins/host/log/SinkFactory.h"

#include <csignal>
#include <pthread.h>
#include <utility>

namespace gnatsd::host {

namespace {

// Not the steady clock: the thread sanitizer does not know a wait on it.
using WaitClock = std::chrono::system_clock;

}  // namespace

Logger::Logger(const LogSettings& settings, const std::string& executable)
    : Logger(makeSink(settings, executable), kCapacity, settings, executable) {}

Logger::Logger(std::unique_ptr<LogSink> sink, std::size_t capacity)
    : Logger(std::move(sink), capacity, {}, "gnatsd") {}

Logger::Logger(std::unique_ptr<LogSink> sink, std::size_t capacity, LogSettings settings,
               std::string executable)
    : capacity_(capacity),
      executable_(std::move(executable)),
      settings_(std::move(settings)),
      sink_(std::move(sink)),
      output_(sink_.get()) {
    // The writer must not be the thread that a signal, SIGPIPE included, is delivered to.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    writer_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Logger::~Logger() {
    flush();
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
        sink_->giveUp();
        if (next_.sink) {
            next_.sink->giveUp();
        }
        arrived_.notify_one();
    }
    writer_.join();
}

bool Logger::isOn(kernel::Level level) const noexcept {
    return (level != kernel::Level::debug || debugOn()) &&
           (level != kernel::Level::trace || traceOn());
}

void Logger::write(kernel::Level level, std::string_view text) noexcept {
    if (!isOn(level)) {
        return;
    }
    if (!text.empty() && text.back() == '\n') {
        text.remove_suffix(1);
    }
    {
        const kernel::MutexLock lock(mutex_);
        const std::size_t waiting = queue_.texts.size() + queue_.entries.size() * sizeof(Entry);
        if (waiting + text.size() + sizeof(Entry) > capacity_) {
            ++queue_.lost;
            ++lost_;
            return;
        }
        // Read under the lock, so that the times of successive lines never go back.
        queue_.entries.push_back({LogTime::clock::now(), text.size(), level});
        queue_.texts += text;
        ++queued_;
        if (queue_.entries.size() == 1) {
            arrived_.notify_one();
        }
    }
    if (level == kernel::Level::fatal) {
        flush();
    }
}

bool Logger::flush() {
    if (std::this_thread::get_id() == writer_.get_id()) {
        return false;
    }
    const auto deadline = WaitClock::now() + kPatience;
    const kernel::MutexLock lock(mutex_);
    const std::uint64_t wanted = queued_;
    while (finished_ < wanted) {
        if (stuck_ || written_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
            stuck_ = finished_ < wanted;
            return !stuck_;
        }
    }
    return true;
}

void Logger::reconfigure(const LogSettings& settings) {
    const kernel::MutexLock lock(switching_);
    if (settings != settings_) {
        handOver({makeSink(settings, executable_), {}});
        settings_ = settings;
    }
}

void Logger::reopen() {
    const kernel::MutexLock lock(switching_);
    if (settings_.file.empty()) {
        write(kernel::Level::info, "File log re-open ignored, not a file logger");
        return;
    }
    try {
        handOver({makeSink(settings_, executable_), "File log re-opened"});
    } catch (const HostError& error) {
        write(kernel::Level::error, "File log not re-opened: " + error.message());
    }
}

std::uint64_t Logger::lost() const {
    const kernel::MutexLock lock(mutex_);
    return lost_;
}

void Logger::handOver(Successor successor) {
    // What was logged until now belongs to the old one, if that can take it.
    const bool isClear = flush();
    const auto deadline = WaitClock::now() + kPatience;
    const kernel::MutexLock lock(mutex_);
    queued_ += successor.greeting.empty() ? 0 : 1;
    next_ = std::move(successor);
    arrived_.notify_one();
    if (!isClear) {
        sink_->giveUp();
    }
    while (next_.sink) {
        if (written_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
            if (next_.sink) {
                sink_->giveUp();
            }
            return;
        }
    }
}

void Logger::run() {
    Queue batch;
    while (takeBatch(batch)) {
        writeOut(batch);
    }
}

bool Logger::takeBatch(Queue& batch) {
    bool switching = false;
    {
        const kernel::MutexLock lock(mutex_);
        finish(batch.entries.size());
        batch.entries.clear();
        batch.texts.clear();
        batch.lost = 0;
        while (queue_.entries.empty() && !next_.sink && !stopping_) {
            arrived_.wait(mutex_);
        }
        std::swap(batch, queue_);
        switching = next_.sink != nullptr;
        if (batch.entries.empty() && !switching) {
            return false;
        }
    }
    if (switching) {
        switchSink();
    }
    return true;
}

void Logger::finish(std::uint64_t lines) {
    finished_ += lines;
    if (lines > 0) {
        stuck_ = false;
        written_.notify_all();
    }
}

bool Logger::switchSink() {
    Successor next;
    {
        const kernel::MutexLock lock(mutex_);
        if (!next_.sink) {
            return false;
        }
        std::swap(next, next_);
        std::swap(next.sink, sink_);
        output_ = sink_.get();
        stuck_ = false;
        written_.notify_all();
    }
    next.sink.reset();
    if (!next.greeting.empty()) {
        const LogRecord greeting{LogTime::clock::now(), kernel::Level::info, next.greeting};
        writeRecords({&greeting, 1});
        const kernel::MutexLock lock(mutex_);
        finish(1);
    }
    return true;
}

void Logger::writeOut(const Queue& batch) {
    std::string_view texts = batch.texts;
    records_.clear();
    for (const Entry& entry : batch.entries) {
        records_.push_back({entry.time, entry.level, texts.substr(0, entry.length)});
        texts.remove_prefix(entry.length);
    }
    writeRecords(records_);
    if (batch.lost > 0) {
        const std::string text = std::to_string(batch.lost) +
                                 " log lines were lost here, the log was not written fast enough";
        const LogRecord record{LogTime::clock::now(), kernel::Level::warning, text};
        writeRecords({&record, 1});
    }
}

void Logger::writeRecords(std::span<const LogRecord> records) {
    while (true) {
        records = records.subspan(output_->write(records));
        if (records.empty()) {
            return;
        }
        if (!switchSink()) {
            // Nobody goes on with them: this is the end.
            const kernel::MutexLock lock(mutex_);
            lost_ += records.size();
            return;
        }
    }
}

}  // namespace gnatsd::host
