#include "tests/support/CapturedLog.h"

#include "plugins/host/log/TextFormat.h"

#include <algorithm>
#include <chrono>
#include <regex>

namespace gnatsd::tests {

namespace {

constexpr std::chrono::seconds kPatience{10};

}  // namespace

void CapturedLog::write(kernel::Level level, std::string_view text) noexcept {
    if ((level == kernel::Level::debug && !debugOn()) ||
        (level == kernel::Level::trace && !traceOn())) {
        return;
    }
    std::string line = "[";
    line.append(host::levelWord(level)).append("] ").append(text);
    const kernel::MutexLock lock(mutex_);
    lines_.push_back(std::move(line));
    arrived_.notify_all();
}

template <class Fits>
std::string CapturedLog::await(Fits fits, std::string_view wanted, Where where) {
    // The system clock: the thread sanitizer does not know a wait on the steady one.
    const auto deadline = std::chrono::system_clock::now() + kPatience;
    std::string seen;
    {
        const kernel::MutexLock lock(mutex_);
        std::size_t looked = 0;
        do {
            for (; looked < lines_.size(); ++looked) {
                if (fits(lines_[looked])) {
                    return lines_[looked];
                }
            }
        } while (arrived_.wait_until(mutex_, deadline) == std::cv_status::no_timeout ||
                 looked < lines_.size());
        for (const std::string& line : lines_) {
            seen.append("\n  ").append(line);
        }
    }
    where.fail("no such line in the log", "wanted: " + std::string(wanted) + "\nlog:" + seen);
}

std::string CapturedLog::expect(std::string_view part, Where where) {
    return await([&](const std::string& line) { return line.find(part) != std::string::npos; },
                 part, where);
}

std::string CapturedLog::expectMatch(const std::string& pattern, Where where) {
    const std::regex regex(pattern);
    return await([&](const std::string& line) { return std::regex_match(line, regex); }, pattern,
                 where);
}

std::size_t CapturedLog::count(std::string_view part) {
    const kernel::MutexLock lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(),
        [&](const std::string& line) { return line.find(part) != std::string::npos; }));
}

std::vector<std::string> CapturedLog::lines() {
    const kernel::MutexLock lock(mutex_);
    return lines_;
}

}  // namespace gnatsd::tests
