#include "plugins/host/log/LogFile.h"

#include "plugins/host/HostError.h"
#include "plugins/host/SystemError.h"
#include "plugins/host/log/ClockText.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gnatsd::host {

namespace {

constexpr mode_t kMode = 0640;
constexpr int kFlags = O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr std::string_view kStampForm = "dddd.dd.dd.dd.dd.dd.ddddddddd";

bool isStamp(std::string_view text) {
    return std::equal(
        text.begin(), text.end(), kStampForm.begin(), kStampForm.end(),
        [](char c, char form) { return form == 'd' ? c >= '0' && c <= '9' : c == form; });
}

}  // namespace

Descriptor openLogFile(const std::string& path) {
    int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | kFlags, kMode);
    if (fd < 0 && errno == ENXIO) {
        // A pipe that nobody reads yet. Being its reader too keeps it until one comes.
        fd = ::open(path.c_str(), O_RDWR | kFlags);
    }
    if (fd < 0) {
        throw HostError("error opening file: open " + path + ": " + systemErrorText(errno));
    }
    return Descriptor(fd);
}

std::string backupName(const std::string& path, LogTime now) {
    ClockText clock("%Y.%m.%d.%H.%M.%S", false);
    std::string name;
    struct stat status = {};
    do {
        name = path + ".";
        clock.append(now, name);
        name += '.';
        ClockText::appendFraction(now, 9, name);
        now += LogTime::duration(1);
    } while (::lstat(name.c_str(), &status) == 0);
    return name;
}

std::vector<std::string> findBackups(const std::string& path) {
    const std::filesystem::path file(path);
    const std::string prefix = file.filename().string() + ".";
    const std::filesystem::path folder = file.parent_path();
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with(prefix) && isStamp(std::string_view(name).substr(prefix.size()))) {
            names.push_back((folder / name).string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace gnatsd::host
