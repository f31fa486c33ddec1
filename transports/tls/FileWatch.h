// FileWatch: calls a function when the folders of some files have changed and are quiet again, and
// once a day. New certificates come as several files, and the function shall see all of them.
//
// Threads: watch() from one; the function is called on a thread of its own, never twice at once.
// Lifetime: after the destructor it is not called any more.

#pragma once

#include "kernel/Mutex.h"

#include <Poco/DirectoryWatcher.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::tls {

class FileWatch {
public:
    enum class Why { changed, daily };

    explicit FileWatch(std::function<void(Why)> call);
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// These instead of those before; the function is called soon in any case. Throws
    /// Poco::Exception for a folder that cannot be watched.
    void watch(const std::vector<std::string>& files);

private:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::milliseconds kQuiet{300};
    static constexpr std::chrono::hours kDay{24};

    void onEvent(const Poco::DirectoryWatcher::DirectoryEvent& event) GNATSD_EXCLUDES(mutex_);
    void noteChange() GNATSD_EXCLUDES(mutex_);
    void run() GNATSD_EXCLUDES(mutex_);

    const std::function<void(Why)> call_;
    std::vector<std::unique_ptr<Poco::DirectoryWatcher>> folders_;

    kernel::Mutex mutex_;
    std::condition_variable_any woken_;
    Clock::time_point changed_ GNATSD_GUARDED_BY(mutex_){};  // zero: not since the last call
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;
    std::thread thread_;
};

}  // namespace gnatsd::tls
