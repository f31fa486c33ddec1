#include "kernel/Check.h"

#include "kernel/Log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace gnatsd::kernel {

namespace {

constinit std::atomic<Log*> checkLog{nullptr};

}  // namespace

void checkFailed(const char* expression, const char* file, int line) noexcept {
    std::array<char, 512> text{};
    const int length = std::snprintf(text.data(), text.size(), "%s:%d: invariant broken: %s", file,
                                     line, expression);
    std::fprintf(stderr, "%s\n", text.data());
    std::fflush(stderr);
    // Taken out, so that a check that fails on this way cannot come back here.
    if (Log* const log = checkLog.exchange(nullptr); log != nullptr && length > 0) {
        const auto size = std::min(static_cast<std::size_t>(length), text.size() - 1);
        log->write(Level::fatal, {text.data(), size});
    }
    std::abort();
}

CheckLog::CheckLog(Log& log) noexcept {
    checkLog = &log;
}

CheckLog::~CheckLog() {
    checkLog = nullptr;
}

}  // namespace gnatsd::kernel
