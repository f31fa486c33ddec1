// CapturedLog: keeps what a server logs, as lines "[DBG] text", and lets a test wait for one.
//
// Threads: any.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "tests/support/Where.h"

#include <condition_variable>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

class CapturedLog final : public kernel::Log {
public:
    void write(kernel::Level level, std::string_view text) noexcept override
        GNATSD_EXCLUDES(mutex_);

    /// Waits for a line that holds `part`; answers the first one. Fails after a while.
    std::string expect(std::string_view part, Where where = {}) GNATSD_EXCLUDES(mutex_);

    /// The same for a regular expression that fits a whole line.
    std::string expectMatch(const std::string& pattern, Where where = {}) GNATSD_EXCLUDES(mutex_);

    /// How many lines hold `part`.
    std::size_t count(std::string_view part) GNATSD_EXCLUDES(mutex_);

    std::vector<std::string> lines() GNATSD_EXCLUDES(mutex_);

private:
    template <class Fits>
    std::string await(Fits fits, std::string_view wanted, Where where) GNATSD_EXCLUDES(mutex_);

    kernel::Mutex mutex_;
    std::condition_variable_any arrived_;
    std::vector<std::string> lines_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::tests
