// Link: one authenticator in the chain, of either kind, and how well it behaves.
// Links: all of them, in the order in which they are asked.
//
// Threads: any. A snapshot does not change; checks finish with the one they started with.
// Lifetime: a Link does not keep its service alive.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/Authenticator.h>
#include <gnatsd/ServiceRegistry.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::host::auth {

class Link {
public:
    using Clock = std::chrono::steady_clock;

    /// A call into the authenticator, as long as it lasts.
    class Call {
    public:
        explicit Call(Link& link);
        ~Call();
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

    private:
        Link& link_;
        std::list<Clock::time_point>::iterator self_;
    };

    explicit Link(sdk::ServiceRef<sdk::Authenticator> service);
    explicit Link(sdk::ServiceRef<sdk::AsyncAuthenticator> service);

    const std::string& name() const noexcept { return name_; }
    int rank() const noexcept { return rank_; }

    /// At most one of the two has a service.
    const sdk::ServiceRef<sdk::Authenticator>& direct() const noexcept { return direct_; }
    const sdk::ServiceRef<sdk::AsyncAuthenticator>& async() const noexcept { return async_; }

    /// So many calls have not come back for so long. Logs when that begins and ends.
    void watch(Clock::time_point limit, kernel::Log& log) GNATSD_EXCLUDES(mutex_);
    std::size_t hungCalls() const noexcept { return hung_; }

    /// A call that was announced as fast took so long. Some such calls, and no word of this
    /// authenticator is believed any more: see isSlow().
    void noteFast(Clock::duration duration, kernel::Log& log);
    bool isSlow() const noexcept { return slowCalls_ >= kBelieved; }

private:
    static constexpr unsigned kBelieved = 5;

    const sdk::ServiceRef<sdk::Authenticator> direct_;
    const sdk::ServiceRef<sdk::AsyncAuthenticator> async_;
    const std::string name_;
    const int rank_;
    std::atomic<std::size_t> hung_{0};
    std::atomic<unsigned> slowCalls_{0};

    kernel::Mutex mutex_;
    std::list<Clock::time_point> calls_ GNATSD_GUARDED_BY(mutex_);
};

class Links {
public:
    using Snapshot = std::shared_ptr<const std::vector<std::shared_ptr<Link>>>;

    explicit Links(sdk::ServiceRegistry& registry);

    Snapshot snapshot() const GNATSD_EXCLUDES(mutex_);

    /// Hears no more changes.
    void stop();

private:
    void add(std::shared_ptr<Link> link) GNATSD_EXCLUDES(mutex_);
    template <class Same>
    void remove(Same same) GNATSD_EXCLUDES(mutex_);

    mutable kernel::Mutex mutex_;
    Snapshot links_ GNATSD_GUARDED_BY(mutex_) =
        std::make_shared<const std::vector<std::shared_ptr<Link>>>();
    sdk::Watch direct_;
    sdk::Watch async_;
};

}  // namespace gnatsd::host::auth
