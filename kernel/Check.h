// GNATSD_CHECK: an invariant that holds or ends the process, in release builds too.
//
// Threads: any. Cost: one predictable branch; keep it off per-byte loops.

#pragma once

namespace gnatsd::kernel {

/// Writes file, line and expression to standard error and aborts.
[[noreturn]] void checkFailed(const char* expression, const char* file, int line) noexcept;

}  // namespace gnatsd::kernel

#define GNATSD_CHECK(expression)                                            \
    do {                                                                    \
        if (!(expression)) [[unlikely]] {                                   \
            ::gnatsd::kernel::checkFailed(#expression, __FILE__, __LINE__); \
        }                                                                   \
    } while (false)
