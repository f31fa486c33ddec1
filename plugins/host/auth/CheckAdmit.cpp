// The part of Check that turns an accepted client into an answer: rules, limits, its place.

#include "kernel/Text.h"
#include "plugins/host/Barrier.h"
#include "plugins/host/auth/Check.h"

#include <utility>

namespace gnatsd::host::auth {

void Check::admit() {
    if (accepted_->expires && *accepted_->expires <= std::chrono::system_clock::now()) {
        reject("the time of the client's credentials is over");
        return;
    }
    if (!findRules()) {
        return;
    }
    kernel::AuthAnswer given;
    given.accepted = true;
    given.user = accepted_->user;
    given.account = accepted_->account;
    given.expires = accepted_->expires;
    if (!applyRules(given) || !applyLimits(given)) {
        return;
    }
    auto place = takePlace();
    if (place == nullptr) {
        refuse("the user has as many connections as it may have");
        return;
    }
    given.ticket = std::make_shared<const Ticket>(request_, std::move(place), std::move(pins_));
    answer(std::move(given));
}

/// False when that goes on elsewhere, or is over.
bool Check::findRules() {
    if (accepted_->permissions != nullptr) {
        return true;
    }
    for (const auto& reference : engine_->registry.all<sdk::PermissionProvider>()) {
        const auto provider = reference.lock();
        if (provider == nullptr) {
            continue;
        }
        bool isMoved = false;
        const auto error = caught([&] {
            isMoved = provider->cost(accepted_->user, accepted_->account) == sdk::Cost::slow &&
                      moveToSlow();
            if (!isMoved) {
                accepted_->permissions = provider->rulesFor(accepted_->user, accepted_->account);
            }
        });
        if (error) {
            method_ = reference.name();
            engine_->log.write(kernel::Level::error,
                               "Permission provider " + method_ +
                                   " failed, the client is refused: " + error->text);
            refuse("permission provider " + method_ + " failed");
            return false;
        }
        if (isMoved) {
            return false;
        }
        if (accepted_->permissions != nullptr) {
            rulesFrom_ = reference.name();
            return true;
        }
    }
    return true;
}

bool Check::applyRules(kernel::AuthAnswer& given) {
    if (accepted_->permissions == nullptr) {
        return true;
    }
    const auto error =
        caught([&] { given.permissions = engine_->rules.of(accepted_->permissions); });
    if (!error) {
        return true;
    }
    // Nobody may get more than the rules say, and what these say is not known.
    const std::string who = rulesFrom_.empty() ? method_ : rulesFrom_;
    engine_->log.write(kernel::Level::error,
                       "Plug-in service " + who + " gave rules for user " +
                           kernel::quote(accepted_->user) +
                           " that are wrong, the client is refused: " + error->message);
    refuse("wrong permission rules from " + who);
    return false;
}

bool Check::applyLimits(kernel::AuthAnswer& given) {
    const auto& limits = accepted_->limits;
    if (limits == nullptr) {
        return true;
    }
    given.limits.noWildcards = limits->noWildcards;
    given.limits.publishRate = limits->publishRate;
    given.limits.publishBurst = limits->publishBurst;
    bool isAllowed = false;
    const auto error = caught(
        [&] { isAllowed = engine_->networks.of(limits)->allows(request_->asked().peerAddress); });
    if (error) {
        engine_->log.write(kernel::Level::error,
                           "Authenticator " + method_ + " gave limits for user " +
                               kernel::quote(accepted_->user) +
                               " that are wrong, the client is refused: " + error->text);
        refuse("wrong limits from " + method_);
        return false;
    }
    if (!isAllowed) {
        reject("the user may not come from this address");
    }
    return isAllowed;
}

/// The place that the session has already, or another one; null when there is none.
std::shared_ptr<const UserTable::Place> Check::takePlace() {
    const auto* held = static_cast<const Ticket*>(held_.get());
    if (held != nullptr && held->place->isOf(accepted_->account, accepted_->user)) {
        return held->place;
    }
    return engine_->users.enter(accepted_->account, accepted_->user,
                                accepted_->limits ? accepted_->limits->maxConnections : 0);
}

}  // namespace gnatsd::host::auth
