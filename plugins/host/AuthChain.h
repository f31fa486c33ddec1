// AuthChain: the kernel's AuthGate on top of the registered Authenticators.
//
// A check waits in a bounded queue for a worker thread, which asks the authenticators in rank
// order until one accepts or rejects. It fails closed: full queue, exception, unknown verdict,
// all abstain, nobody left to ask and rules that cannot be enforced are refusals.
//
// Threads: check() and required() from any thread; `done` is called on a worker, or inside
// check() when there is no room. stop() on main.
// Lifetime: registry and log outlive it; stop() before plug-ins stop, destroyed after the last
// session has asked.

#pragma once

#include "kernel/AuthGate.h"
#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/ServiceRegistry.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

namespace gnatsd::host {

class AuthChain final : public kernel::AuthGate {
public:
    struct Limits {
        std::size_t workers = 2;
        std::size_t queue = 4096;
    };

    AuthChain(sdk::ServiceRegistry& registry, kernel::Log& log) : AuthChain(registry, log, {}) {}
    AuthChain(sdk::ServiceRegistry& registry, kernel::Log& log, Limits limits);
    ~AuthChain() override;

    /// True from the moment the first Authenticator is registered; it never turns false again,
    /// so that losing an authenticator opens nothing.
    bool required() const noexcept override { return required_; }

    void check(kernel::AuthRequest request, std::function<void(kernel::AuthAnswer)> done) override
        GNATSD_EXCLUDES(mutex_);

    /// Finishes the checks that run, refuses those that wait and all later ones, joins the
    /// workers. May be called twice.
    void stop() GNATSD_EXCLUDES(mutex_);

private:
    struct Job {
        kernel::AuthRequest request;
        std::function<void(kernel::AuthAnswer)> done;
    };

    void work() GNATSD_EXCLUDES(mutex_);
    kernel::AuthAnswer decide(const kernel::AuthRequest& request) const;
    kernel::AuthAnswer accepted(const sdk::AuthResult& result) const;

    sdk::ServiceRegistry& registry_;
    kernel::Log& log_;
    const Limits limits_;
    std::atomic<bool> required_{false};

    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Job> jobs_ GNATSD_GUARDED_BY(mutex_);
    std::vector<std::thread> workers_ GNATSD_GUARDED_BY(mutex_);
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;

    sdk::Watch watch_;
};

}  // namespace gnatsd::host
