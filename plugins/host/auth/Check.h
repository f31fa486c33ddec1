// Check: one client's way through the chain, from CONNECT to the answer.
//
// Threads: it is in one place at a time: in a queue, on a worker, at an asynchronous authenticator
// or waiting out a delay; whoever has it there goes on with it.
// Lifetime: shared with the place where it is; it tells the audit if it ends unanswered.

#pragma once

#include "kernel/AuthGate.h"
#include "plugins/host/auth/Engine.h"
#include "plugins/host/auth/Link.h"
#include "plugins/host/auth/Request.h"
#include "plugins/host/auth/Ticket.h"
#include "plugins/host/auth/VerifiedSecrets.h"
#include "plugins/host/auth/WorkerPool.h"
#include <gnatsd/Authenticator.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gnatsd::host::auth {

class Check final : public Work, public std::enable_shared_from_this<Check> {
public:
    using Done = std::function<void(kernel::AuthAnswer)>;
    enum class Kind { connect, recheck };

    /// `held`: what the session has already; null for a first CONNECT.
    Check(std::shared_ptr<Engine> engine, std::shared_ptr<const Request> request,
          std::weak_ptr<const void> asker, std::shared_ptr<const kernel::AuthTicket> held,
          Kind kind, Done done);
    ~Check() override;

    const Request& request() const noexcept { return *request_; }
    bool isRecheck() const noexcept { return kind_ == Kind::recheck; }

    /// Puts it into the queue of the fast workers, or refuses it.
    void postFast();

    /// An asynchronous authenticator has answered.
    void resume(sdk::AuthResult result);

    /// Whether nobody shall wait for an asynchronous answer any more, and then: the end of it.
    bool isOverdue() const noexcept;
    void giveUp();

    void refuse(std::string_view why);

    void run() override;
    bool isAwaited() const noexcept override;
    void refuse() override { refuse("the server is stopping"); }

private:
    using Clock = std::chrono::steady_clock;
    enum class Next { another, nobody };

    void askOn();
    Next ask(Link& link);
    Next askDirect(Link& link, const sdk::Authenticator& authenticator);
    Next askAsync(Link& link, const sdk::AsyncAuthenticator& authenticator);
    Next judge(const Link& link, sdk::AuthResult result);
    bool moveToSlow();
    bool askLater();
    void failed(const std::string& who, const std::string& error);

    void admit();
    bool findRules();
    bool applyRules(kernel::AuthAnswer& answer);
    bool applyLimits(kernel::AuthAnswer& answer);
    std::shared_ptr<const UserTable::Place> takePlace();
    void reject(std::string_view why);
    void answer(kernel::AuthAnswer answer);
    std::chrono::microseconds duration() const;

    const std::shared_ptr<Engine> engine_;
    const std::shared_ptr<const Request> request_;
    const std::weak_ptr<const void> asker_;
    const std::shared_ptr<const kernel::AuthTicket> held_;
    const Kind kind_;
    const Clock::time_point started_ = Clock::now();
    const Links::Snapshot links_;

    Done done_;                              // empty once answered
    std::size_t next_ = 0;                   // in links_
    bool isOnSlow_ = false;                  // on a worker that may take its time
    std::optional<sdk::AuthResult> result_;  // answered asynchronously, not yet judged
    std::optional<sdk::AuthResult> accepted_;
    std::string method_;       // who decided
    std::string rulesFrom_;    // the provider that gave the rules
    std::string abstentions_;  // why nobody did
    VerifiedSecrets::Pins pins_;
};

}  // namespace gnatsd::host::auth
