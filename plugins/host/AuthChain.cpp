#include "plugins/host/AuthChain.h"

#include "plugins/host/auth/Check.h"
#include "plugins/host/auth/Engine.h"
#include "plugins/host/auth/Request.h"
#include "plugins/host/auth/Ticket.h"
#include "plugins/host/auth/VerifiedSecrets.h"
#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/Authenticator.h>

#include <limits>
#include <utility>

namespace gnatsd::host {

namespace {

using auth::Check;
using auth::Request;

}  // namespace

AuthChain::AuthChain(sdk::ServiceRegistry& registry, kernel::Log& log,
                     const auth::Settings& settings)
    : registry_(registry),
      engine_(std::make_shared<auth::Engine>(registry, log, settings)),
      secrets_(std::make_shared<auth::VerifiedSecrets>(registry, settings.cache)) {
    const auto note = [this](sdk::Change change) {
        if (change == sdk::Change::added) {
            required_ = true;
        }
    };
    watch_ = registry_.watch<sdk::Authenticator>(
        [note](sdk::Change change, const sdk::ServiceRef<sdk::Authenticator>&) { note(change); });
    asyncWatch_ = registry_.watch<sdk::AsyncAuthenticator>(
        [note](sdk::Change change, const sdk::ServiceRef<sdk::AsyncAuthenticator>&) {
            note(change);
        });
    registration_ = registry_.provide<sdk::PasswordVerifier>("verified", secrets_,
                                                             std::numeric_limits<int>::min());
}

AuthChain::~AuthChain() {
    stop();
}

void AuthChain::check(kernel::AuthRequest request, std::function<void(kernel::AuthAnswer)> done) {
    auto asker = std::move(request.asker);
    auto held = std::move(request.held);
    engine_->start(std::make_shared<Check>(
        engine_, std::make_shared<const Request>(std::move(request)), std::move(asker),
        std::move(held), Check::Kind::connect, std::move(done)));
}

void AuthChain::recheck(std::shared_ptr<const kernel::AuthTicket> ticket,
                        std::weak_ptr<const void> asker,
                        std::function<void(kernel::AuthAnswer)> done) {
    auto request = static_cast<const auth::Ticket&>(*ticket).request;
    engine_->start(std::make_shared<Check>(engine_, std::move(request), std::move(asker),
                                           std::move(ticket), Check::Kind::recheck,
                                           std::move(done)));
}

void AuthChain::violated(const kernel::Violation& violation) noexcept {
    engine_->audit.violated(violation);
}

void AuthChain::configure(const auth::Settings& settings) {
    engine_->configure(settings);
    secrets_->setTimeToLive(settings.cache);
}

void AuthChain::whileReloading(const std::function<void()>& commit) {
    const auto anybody = [this] {
        return !registry_.all<sdk::Authenticator>().empty() ||
               !registry_.all<sdk::AsyncAuthenticator>().empty();
    };
    const bool before = anybody();
    commit();
    // Only now: an answer of this version must come from the changed rules.
    ++version_;
    if (before && !anybody()) {
        required_ = false;
    }
}

void AuthChain::stop() {
    watch_.revoke();
    asyncWatch_.revoke();
    engine_->stop();
    registration_.revoke();
}

}  // namespace gnatsd::host
