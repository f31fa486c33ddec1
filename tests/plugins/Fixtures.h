// What the plug-in tests share: a log that remembers, a folder that goes away, waiting with a
// deadline, and other programs run to their end.
//
// Threads: RecordingLog any; the rest as usual for values.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "plugins/host/PluginSpec.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

class RecordingLog final : public kernel::Log {
public:
    void write(kernel::Level level, std::string_view text) noexcept override
        GNATSD_EXCLUDES(mutex_);

    /// Lines with the first letter of their level: "E text".
    std::vector<std::string> lines() const GNATSD_EXCLUDES(mutex_);
    bool has(std::string_view part) const;

private:
    mutable kernel::Mutex mutex_;
    std::vector<std::string> lines_ GNATSD_GUARDED_BY(mutex_);
};

class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

/// Polls until `condition` holds; false when `limit` is over first.
bool waitFor(const std::function<bool()>& condition,
             std::chrono::milliseconds limit = std::chrono::seconds(10));

std::string readFile(const std::string& path);
void writeFile(const std::string& path, std::string_view text);

struct Outcome {
    int status = -1;
    std::string output;  // both streams
};

/// Runs a program to its end. Its output also goes through a pipe that is read meanwhile.
Outcome run(const std::string& program, const std::vector<std::string>& arguments);

/// The module of that name among those that this folder's CMakeLists.txt builds.
std::string testModule(const std::string& name);

/// A specification with settings given as key, value, key, value...
host::PluginSpec specOf(const std::string& name, const std::string& path,
                        const std::vector<std::string>& settings = {});

}  // namespace gnatsd::tests
