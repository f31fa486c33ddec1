// Engine: what all checks share: threads, tables, and the plug-ins' services.
//
// Threads: any; each part has its own leaf lock.
// Lifetime: shared by the chain and by its checks; of use until stop(). Registry and log outlive
// stop(), and are not touched after it.

#pragma once

#include "kernel/Log.h"
#include "kernel/Permissions.h"
#include "plugins/host/auth/Alarm.h"
#include "plugins/host/auth/AllowFrom.h"
#include "plugins/host/auth/Audit.h"
#include "plugins/host/auth/Awaited.h"
#include "plugins/host/auth/Compiled.h"
#include "plugins/host/auth/FailureTable.h"
#include "plugins/host/auth/Link.h"
#include "plugins/host/auth/Settings.h"
#include "plugins/host/auth/UserTable.h"
#include "plugins/host/auth/WorkerPool.h"
#include <gnatsd/PermissionProvider.h>
#include <gnatsd/ServiceRegistry.h>
#include <gnatsd/UserLimits.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>

namespace gnatsd::host::auth {

class Engine {
public:
    Engine(sdk::ServiceRegistry& registry, kernel::Log& log, const Settings& settings);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Takes over what may change at run time.
    void configure(const Settings& settings);

    /// Begins with a check; answers it, if only by refusing it. It may end before this returns.
    void start(const std::shared_ptr<Check>& check);

    /// Puts it into the queue of the fast workers after a pause. False after stop().
    bool postLater(const std::shared_ptr<Check>& check, std::chrono::steady_clock::duration pause);

    /// Refuses what waits, lets what runs end within a bounded time. May be called twice.
    void stop();
    bool isOver() const noexcept { return over_; }

    // Whoever opens a check tells, so that the engine watches over it.
    void opened() noexcept { ++open_; }
    void closed() noexcept { --open_; }

    sdk::ServiceRegistry& registry;
    kernel::Log& log;
    const Settings settings;  // those for the life of the chain

    Links links;
    Audit audit;
    UserTable users;
    FailureTable failures;
    Compiled<sdk::PermissionRules, kernel::Permissions> rules;
    Compiled<sdk::UserLimits, AllowFrom> networks;
    const std::shared_ptr<Awaited> awaited;
    WorkerPool fast;
    WorkerPool slow;

private:
    void watchOver();
    void tick();

    std::atomic<bool> slowDown_;
    std::atomic<bool> over_{false};
    std::atomic<bool> watching_{false};
    std::atomic<std::size_t> open_{0};
    Alarm alarm_;  // last: it stops first
};

}  // namespace gnatsd::host::auth
