// AuthChain: the kernel's AuthGate on top of the registered authenticators.
//
// A check asks them in rank order until one accepts or rejects. Fast ones are asked on workers of
// their own; for a slow one the check moves to workers that give way to all other threads. It fails
// closed: full queue, exception, unknown verdict, all abstain, nobody left to ask, an authenticator
// that hangs and rules that make no sense are refusals. The parts are in plugins/host/auth.
//
// Threads: check(), recheck(), violated() and required() from any thread; `done` is called on a
// worker, or inside the call when there is no room. The rest on main.
// Lifetime: registry and log outlive it; stop() before plug-ins stop, destroyed after the last
// session has asked.

#pragma once

#include "kernel/AuthGate.h"
#include "kernel/Log.h"
#include "plugins/host/auth/Settings.h"
#include <gnatsd/ServiceRegistry.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace gnatsd::host {

namespace auth {
class Engine;
class VerifiedSecrets;
}  // namespace auth

class AuthChain final : public kernel::AuthGate {
public:
    AuthChain(sdk::ServiceRegistry& registry, kernel::Log& log,
              const auth::Settings& settings = {});
    ~AuthChain() override;

    /// True from the moment the first authenticator is registered; only a reload turns it off
    /// again, so that losing an authenticator opens nothing.
    bool required() const noexcept override { return required_; }

    std::uint32_t version() const noexcept override { return version_; }

    void check(kernel::AuthRequest request, std::function<void(kernel::AuthAnswer)> done) override;

    /// Comes after all clients that wait; there is room for any number. A session that stays
    /// accepted keeps its place among its user's connections.
    void recheck(std::shared_ptr<const kernel::AuthTicket> ticket, std::weak_ptr<const void> asker,
                 std::function<void(kernel::AuthAnswer)> done) override;

    void violated(const kernel::Violation& violation) noexcept override;

    /// Takes over what Settings says may change at run time.
    void configure(const auth::Settings& settings);

    /// Runs `commit`, which lets plug-ins take new settings. When it takes the last authenticator
    /// away, the operator wants it so, and nothing is required any more.
    void whileReloading(const std::function<void()>& commit);

    /// Lets the checks that run end, for a bounded time, refuses those that wait and all later
    /// ones. May be called twice.
    void stop();

private:
    sdk::ServiceRegistry& registry_;
    const std::shared_ptr<auth::Engine> engine_;
    const std::shared_ptr<auth::VerifiedSecrets> secrets_;
    std::atomic<bool> required_{false};
    std::atomic<std::uint32_t> version_{0};
    sdk::Watch watch_;
    sdk::Watch asyncWatch_;
    sdk::Registration registration_;
};

}  // namespace gnatsd::host
