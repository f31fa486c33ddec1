#include "plugins/host/daemon/ProcessList.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace gnatsd::host {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameLength = 15;  // the system keeps no more of a program's name

std::optional<pid_t> pidOf(std::string_view folder) {
    pid_t pid = 0;
    const char* end = folder.data() + folder.size();
    const auto [rest, error] = std::from_chars(folder.data(), end, pid);
    return error == std::errc() && rest == end ? std::optional(pid) : std::nullopt;
}

/// `PID (NAME) STATE ...`; the name may hold anything, also brackets.
bool runs(const fs::path& statFile, std::string_view name) {
    std::ifstream file(statFile);
    std::string line;
    std::getline(file, line);
    const std::size_t open = line.find('(');
    const std::size_t close = line.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close + 2 >= line.size()) {
        return false;
    }
    const char state = line[close + 2];
    const std::string_view found = std::string_view(line).substr(open + 1, close - open - 1);
    return found == name && state != 'Z' && state != 'X';
}

}  // namespace

std::optional<std::vector<pid_t>> processesNamed(const std::string& program) {
    std::error_code error;
    fs::directory_iterator folders("/proc", error);
    if (error || !fs::exists("/proc/self/stat", error)) {
        return std::nullopt;
    }
    const std::string_view name = std::string_view(program).substr(0, kNameLength);
    std::vector<pid_t> pids;
    for (; folders != fs::directory_iterator(); folders.increment(error)) {
        const auto pid = pidOf(folders->path().filename().string());
        if (pid && *pid != ::getpid() && runs(folders->path() / "stat", name)) {
            pids.push_back(*pid);
        }
        if (error) {
            return std::nullopt;
        }
    }
    std::sort(pids.begin(), pids.end());
    return pids;
}

}  // namespace gnatsd::host
