// GNATSD_CHECK: an invariant that holds or ends the process, in release builds too.
//
// Threads: any. Cost: one predictable branch; keep it off per-byte loops.

#pragma once

namespace gnatsd::kernel {

class Log;

/// Writes file, line and expression to standard error, and to the log of a living CheckLog, and
/// aborts.
[[noreturn]] void checkFailed(const char* expression, const char* file, int line) noexcept;

/// While it lives, a broken invariant is also a fatal line of `log`; thus what was logged before is
/// written out, because a log has fatal lines on their way when write() returns.
/// Lifetime: one at a time, inside that of the log.
class CheckLog {
public:
    explicit CheckLog(Log& log) noexcept;
    ~CheckLog();
    CheckLog(const CheckLog&) = delete;
    CheckLog& operator=(const CheckLog&) = delete;
};

}  // namespace gnatsd::kernel

#define GNATSD_CHECK(expression)                                            \
    do {                                                                    \
        if (!(expression)) [[unlikely]] {                                   \
            ::gnatsd::kernel::checkFailed(#expression, __FILE__, __LINE__); \
        }                                                                   \
    } while (false)
