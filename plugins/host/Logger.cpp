#include "plugins/host/Logger.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::host {

namespace {

constexpr int kPollMilliseconds = 100;

struct LevelLook {
    const char* word;
    const char* colour;
};

const LevelLook& look(kernel::Level level) {
    // In the order of kernel::Level.
    static constexpr std::array<LevelLook, 6> kLooks{{{"FTL", "31"},
                                                      {"ERR", "31"},
                                                      {"WRN", "0;93"},
                                                      {"INF", "32"},
                                                      {"DBG", "36"},
                                                      {"TRC", "33"}}};
    return kLooks[static_cast<std::size_t>(level)];
}

bool isPipeOrSocket(int fd) {
    struct stat status = {};
    return ::fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

// Whoever forgot to quote must not be able to forge a line (LOG-6, LOG-52).
void appendVisible(std::string_view text, std::string& line) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            line += c;
        } else if (c == '\n') {
            line += "\\n";
        } else if (c == '\r') {
            line += "\\r";
        } else if (c == '\t') {
            line += "\\t";
        } else {
            static constexpr std::string_view kHex = "0123456789abcdef";
            line += "\\x";
            line += kHex[byte >> 4U];
            line += kHex[byte & 0xfU];
        }
    }
}

}  // namespace

Logger::Logger(Settings settings)
    : settings_(settings),
      pid_(std::to_string(::getpid())),
      isPipe_(isPipeOrSocket(settings.output)) {
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
    givenUp_ = true;
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
        arrived_.notify_one();
    }
    writer_.join();
}

Logger::Settings Logger::standardError(bool logtime) {
    Settings settings;
    struct stat status = {};
    settings.logtime = logtime;
    settings.colours = ::fstat(settings.output, &status) == 0 && S_ISCHR(status.st_mode);
    return settings;
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
        const std::size_t waiting = queue_.texts.size() + queue_.records.size() * sizeof(Record);
        if (waiting + text.size() + sizeof(Record) > settings_.capacity) {
            ++queue_.lost;
            return;
        }
        // Read under the lock, so that the times of successive lines never go back.
        queue_.records.push_back({Clock::now(), text.size(), level});
        queue_.texts += text;
        if (queue_.records.size() == 1) {
            arrived_.notify_one();
        }
    }
    if (level == kernel::Level::fatal) {
        flush();
    }
}

void Logger::flush() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const kernel::MutexLock lock(mutex_);
    while (writing_ || !queue_.records.empty()) {
        if (written_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
            return;
        }
    }
}

void Logger::run() {
    Queue batch;
    while (true) {
        {
            const kernel::MutexLock lock(mutex_);
            writing_ = false;
            written_.notify_all();
            while (queue_.records.empty() && !stopping_) {
                arrived_.wait(mutex_);
            }
            if (queue_.records.empty()) {
                return;
            }
            std::swap(batch, queue_);
            writing_ = true;
        }
        writeOut(batch);
        batch.records.clear();
        batch.texts.clear();
        batch.lost = 0;
    }
}

void Logger::writeOut(const Queue& queue) {
    std::string_view texts = queue.texts;
    for (const Record& record : queue.records) {
        writeLine(record, texts.substr(0, record.length));
        texts.remove_prefix(record.length);
    }
    if (queue.lost > 0) {
        writeLine({Clock::now(), 0, kernel::Level::warning},
                  std::to_string(queue.lost) +
                      " log lines were lost here, the log was not written fast enough");
    }
}

void Logger::writeLine(const Record& record, std::string_view text) {
    line_.assign("[").append(pid_).append("] ");
    if (settings_.logtime) {
        appendTime(record.time);
    }
    const LevelLook& shown = look(record.level);
    if (settings_.colours) {
        line_.append("[\x1b[").append(shown.colour).append("m").append(shown.word);
        line_.append("\x1b[0m] ");
    } else {
        line_.append("[").append(shown.word).append("] ");
    }
    appendVisible(text, line_);
    line_ += '\n';
    writeBytes(line_);
}

void Logger::appendTime(Clock::time_point time) {
    const std::time_t second = Clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
    if (second != second_) {
        std::tm local = {};
        ::localtime_r(&second, &local);
        std::array<char, 32> text{};
        const std::size_t length =
            std::strftime(text.data(), text.size(), "%Y/%m/%d %H:%M:%S", &local);
        secondText_.assign(text.data(), length);
        second_ = second;
    }
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
                            time - std::chrono::floor<std::chrono::seconds>(time))
                            .count();
    const std::string digits = std::to_string(micros);
    line_.append(secondText_).append(".").append(6 - digits.size(), '0').append(digits).append(" ");
}

void Logger::writeBytes(std::string_view bytes) {
    while (!bytes.empty()) {
        // Without this wait a blocking pipe that nobody reads would hold the thread for ever.
        pollfd output = {settings_.output, POLLOUT, 0};
        const int ready = ::poll(&output, 1, givenUp_ ? 0 : kPollMilliseconds);
        if (ready <= 0) {
            if (givenUp_ || (ready < 0 && errno != EINTR)) {
                return;
            }
            continue;
        }
        // A pipe that polls as writable takes PIPE_BUF bytes without blocking, not more.
        const std::size_t size =
            isPipe_ ? std::min<std::size_t>(bytes.size(), PIPE_BUF) : bytes.size();
        const ssize_t count = ::write(settings_.output, bytes.data(), size);
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            return;
        }
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

}  // namespace gnatsd::host
