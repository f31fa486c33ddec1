#include "kernel/Check.h"

#include <cstdio>
#include <cstdlib>

namespace gnatsd::kernel {

void checkFailed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, expression);
    std::fflush(stderr);
    std::abort();
}

}  // namespace gnatsd::kernel
