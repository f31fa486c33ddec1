#include "plugins/common/FileWatch.h"

#include <system_error>
#include <utility>

namespace gnatsd::common {

namespace fs = std::filesystem;

FileStamp FileStamp::of(const std::string& path) {
    FileStamp stamp;
    std::error_code error;
    stamp.size = fs::file_size(path, error);
    if (!error) {
        stamp.time = fs::last_write_time(path, error);
    }
    if (error) {
        return {};
    }
    stamp.exists = true;
    return stamp;
}

FileWatch::FileWatch(Load load) : load_(std::move(load)), thread_([this] { run(); }) {}

FileWatch::~FileWatch() {
    {
        const std::lock_guard lock(mutex_);
        isOver_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void FileWatch::follow(std::string path, const FileStamp& known,
                       std::chrono::milliseconds interval) {
    {
        const std::lock_guard lock(mutex_);
        ++followed_;
        path_ = std::move(path);
        known_ = known;
        seen_ = known;
        interval_ = interval;
    }
    changed_.notify_one();
}

void FileWatch::run() {
    std::unique_lock lock(mutex_);
    while (!isOver_) {
        const std::uint64_t followed = followed_;
        const bool isInterrupted =
            changed_.wait_for(lock, interval_, [&] { return isOver_ || followed_ != followed; });
        if (!isInterrupted && !path_.empty()) {
            look(lock);
        }
    }
}

void FileWatch::look(std::unique_lock<std::mutex>& lock) {
    const std::uint64_t followed = followed_;
    const std::string path = path_;
    lock.unlock();
    const FileStamp now = FileStamp::of(path);
    lock.lock();
    if (followed_ != followed) {
        return;
    }
    const bool hasRested = now == std::exchange(seen_, now);
    if (now == known_ || !hasRested) {
        return;
    }
    known_ = now;
    lock.unlock();
    const std::function<void()> switchOver = load_(path);
    lock.lock();
    if (followed_ == followed && switchOver) {
        switchOver();
    }
}

}  // namespace gnatsd::common
