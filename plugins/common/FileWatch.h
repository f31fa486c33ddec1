// FileWatch: notices that a file has become another one, by looking at its size and time. Looking
// works for every way of writing, also for a rename over the file and on network file systems,
// which a notification of the system does not promise.
//
// Threads: one of its own, on which `load` runs; the public functions from one other thread.
// Lifetime: the destructor waits for a running `load`.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace gnatsd::common {

struct FileStamp {
    bool exists = false;
    std::uintmax_t size = 0;
    std::filesystem::file_time_type time;

    static FileStamp of(const std::string& path);

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

class FileWatch {
public:
    /// Reads the file and answers how to switch over, which is called unless another file is
    /// followed by then. May not throw.
    using Load = std::function<std::function<void()>(const std::string& path)>;

    explicit FileWatch(Load load);
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// From now on looks at this file every `interval`. `known` is the stamp from before it was
    /// read the last time. A changed file is loaded when it has rested for an interval, so that
    /// nothing half written is.
    void follow(std::string path, const FileStamp& known, std::chrono::milliseconds interval);

private:
    void run();
    void look(std::unique_lock<std::mutex>& lock);

    const Load load_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool isOver_ = false;
    std::uint64_t followed_ = 0;  // counts calls of follow()
    std::string path_;
    FileStamp known_;
    FileStamp seen_;
    std::chrono::milliseconds interval_{1000};
    std::thread thread_;  // last: it uses all others
};

}  // namespace gnatsd::common
