#include "plugins/host/log/OutputWait.h"

#include <algorithm>
#include <poll.h>

namespace gnatsd::host {

bool OutputWait::pause(Milliseconds time) const noexcept {
    while (!cancelled() && time > Milliseconds::zero()) {
        const Milliseconds part = std::min(time, kTick);
        ::poll(nullptr, 0, static_cast<int>(part.count()));
        time -= part;
    }
    return !cancelled();
}

bool OutputWait::ready(int fd, short events, Milliseconds limit) const noexcept {
    while (true) {
        const Milliseconds part = cancelled() ? Milliseconds::zero() : std::min(limit, kTick);
        pollfd waited = {fd, events, 0};
        if (::poll(&waited, 1, static_cast<int>(part.count())) > 0) {
            return true;
        }
        limit -= part;
        if (cancelled() || limit <= Milliseconds::zero()) {
            return false;
        }
    }
}

}  // namespace gnatsd::host
