#include "plugins/host/DescriptorLimit.h"

#include <sys/resource.h>

namespace gnatsd::host {

std::uint64_t raiseDescriptorLimit() noexcept {
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    const rlimit wanted = {limit.rlim_max, limit.rlim_max};
    return ::setrlimit(RLIMIT_NOFILE, &wanted) == 0 ? wanted.rlim_cur : limit.rlim_cur;
}

}  // namespace gnatsd::host
