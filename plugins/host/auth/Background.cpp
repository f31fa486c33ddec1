#include "plugins/host/auth/Background.h"

#if defined(__linux__)
#include <sched.h>
#include <sys/resource.h>
#endif

namespace gnatsd::host::auth {

void giveWay() noexcept {
#if defined(__linux__)
    // Batch threads never preempt others when they wake up; the nice value, which Linux keeps for
    // each thread, is their share when the processors are busy: a tenth, not nothing, because
    // clients wait for them.
    constexpr int kNice = 10;
    const sched_param parameters{};
    static_cast<void>(sched_setscheduler(0, SCHED_BATCH, &parameters));
    static_cast<void>(setpriority(PRIO_PROCESS, 0, kNice));
#endif
}

}  // namespace gnatsd::host::auth
