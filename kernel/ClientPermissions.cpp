// The part of ClientSession that deals with what its user may do.

#include "kernel/ClientSession.h"
#include "kernel/Subject.h"
#include "kernel/Text.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gnatsd::kernel {

namespace {

constexpr std::chrono::minutes kLookAtClock{1};

}  // namespace

/// A run of a user with permissions. Requires: permissions_.
void ClientSession::deliverChecked(const Run& run, Dispatcher& dispatcher) {
    Publisher publisher{*account_, outbox_.get(), echo_};
    publisher.receivers = dispatcher.find(run.subject(), *account_, *permissions_);
    if (publisher.receivers != nullptr) [[likely]] {
        dispatcher.deliver(run, publisher);
        return;
    }
    for (std::size_t i = 0; i < run.count(); ++i) {
        if (mayAnswer(run.subject())) {
            dispatcher.deliver(run.message(i), publisher);
        } else {
            refusePublish(run.subject());
        }
    }
}

/// Whether a message is to be delivered; says so to the client if not. Requires: restricted_.
bool ClientSession::admits(const Message& message, Dispatcher& dispatcher) {
    if (permissions_ != nullptr &&
        dispatcher.find(message.subject, *account_, *permissions_) == nullptr &&
        !mayAnswer(message.subject)) {
        refusePublish(message.subject);
        return false;
    }
    if (metered()) {
        user_->meter.spend(1, shard_->now);
        throttle();
    }
    return true;
}

/// Uses up what was granted by a delivery (AU-41). Requires: permissions_.
bool ClientSession::mayAnswer(std::string_view subject) {
    return permissions_->responses() && outbox_->takeGrant(subject, shard_->now);
}

bool ClientSession::maySubscribe(std::string_view subject, std::string_view queue) const {
    if (!user_) {
        return true;
    }
    return !(user_->noWildcards && hasWildcard(subject)) &&
           (permissions_ == nullptr || permissions_->maySubscribe(subject, queue));
}

// LOG-108, CP-213
void ClientSession::refusePublish(std::string_view subject) {
    log(Level::error, "Publish Violation - " + userText() + ", Subject " + quote(subject));
    report(Violation::Kind::publish, subject, {});
    sendError("Permissions Violation for Publish to " + quote(subject));
}

// LOG-110, CP-218
void ClientSession::refuseReply(std::string_view reply) {
    log(Level::error, "Publish Violation - " + userText() + ", Reply " + quote(reply));
    report(Violation::Kind::reply, reply, {});
    sendError("Permissions Violation for Publish with Reply of " + quote(reply));
}

// LOG-109, CP-214, CP-215
void ClientSession::refuseSubscribe(std::string_view subject, std::string_view queue,
                                    std::string_view sid) {
    std::string line = "Subscription Violation - " + userText() + ", Subject " + quote(subject);
    std::string text = "Permissions Violation for Subscription to " + quote(subject);
    if (!queue.empty()) {
        line.append(", Queue: ").append(quote(queue));
        text.append(" using queue ").append(quote(queue));
    }
    log(Level::error, line + ", SID " + escape(sid));
    report(Violation::Kind::subscribe, subject, queue);
    sendError(text);
}

void ClientSession::report(Violation::Kind kind, std::string_view subject, std::string_view queue) {
    AuthGate* const gate = broker_.gate();
    if (gate == nullptr) {
        return;
    }
    const std::string_view identity = outbox_->identity();
    const ConnectOptions& client = options();
    Violation violation;
    violation.kind = kind;
    violation.clientId = id_;
    violation.peerAddress = identity.substr(0, identity.find(' '));
    violation.clientName = client.name;
    violation.user = user_ && !user_->name.empty() ? user_->name : client.user;
    violation.account = account_->name();
    violation.subject = subject;
    violation.queue = queue;
    gate->violated(violation);
}

bool ClientSession::metered() const noexcept {
    return user_ && user_->meter.on();
}

/// Stops reading while there is nothing left of the user's publish rate. What was read but not
/// done waits with the rest. Requires: metered().
void ClientSession::throttle() {
    const auto wait = user_->meter.wait(shard_->now);
    if (wait <= PublishMeter::Duration::zero()) {
        return;
    }
    if (std::exchange(state_, State::throttled) != State::throttled) {
        shard_->counters.publishHolds.add(1);
    }
    using std::chrono::microseconds;
    link_.holdReading(std::chrono::duration_cast<microseconds>(wait) + microseconds(1));
}

void ClientSession::onHoldEnd() {
    if (state_ != State::throttled) {
        return;
    }
    lastInput_ = shard_->now;
    if (metered()) {
        throttle();
        if (user_->meter.wait(shard_->now) > PublishMeter::Duration::zero()) {
            return;  // the hold was for something shorter
        }
    }
    state_ = State::open;
    takeUnread();
}

void ClientSession::setUser(const AuthAnswer& answer, std::uint32_t version) {
    user_->name = answer.user;
    user_->permissions = answer.permissions;
    user_->ticket = answer.ticket;
    user_->noWildcards = answer.limits.noWildcards;
    user_->meter.set(answer.limits);
    user_->expires = answer.expires;
    user_->version = version;
    permissions_ = user_->permissions.get();
    restricted_ = permissions_ != nullptr || metered();
    single_ = verbose_ || pedantic_ || metered();
    outbox_->setPermissions(user_->permissions);
    removeForbidden();
    sids_.forEach([this](Subscription& subscription) { setRules(subscription); });
    if (user_->expires) {
        link_.hastenTimer();
    }
}

/// When to look whether the user's time is over; not after `now` if it is (CP-205).
Clock::time_point ClientSession::expiry(Clock::time_point now) const {
    if (!user_ || !user_->expires) {
        return Clock::time_point::max();
    }
    const auto today = std::chrono::system_clock::now();
    if (*user_->expires <= today) {
        return now;
    }
    // That clock may be set meanwhile, and its end is not a time that this one could hold.
    return now + std::min<Clock::duration>(*user_->expires - today, kLookAtClock);
}

/// Tells publishers what to look at before they deliver.
void ClientSession::setRules(Subscription& subscription) const {
    subscription.setRules(permissions_ != nullptr &&
                              permissions_->filters(subscription.subject(), subscription.queue()),
                          permissions_ != nullptr && permissions_->responses());
}

// OPT-213
void ClientSession::removeForbidden() {
    std::vector<Ref<Subscription>> forbidden;
    sids_.forEach([&](Subscription& subscription) {
        if (!maySubscribe(subscription.subject(), subscription.queue())) {
            forbidden.emplace_back(&subscription);
        }
    });
    for (const Ref<Subscription>& subscription : forbidden) {
        const std::string text =
            quote(subscription->subject()) + " (sid " + quote(subscription->sid()) + ")";
        log(Level::info, "Removed sub " + text + " for " + userText() + " - not authorized");
        forget(*subscription);
        sendError("Permissions Violation for Subscription to " + text);  // CP-217
    }
}

void ClientSession::recheck() {
    const bool settled = state_ == State::open || state_ == State::throttled;
    if (!settled) {
        return;  // who is still to be checked is checked by the rules of then
    }
    if (!broker_.authRequired()) {
        // Nobody is asked any more: who was may do what everybody may who comes now.
        if (user_ && user_->version != SessionUser::kNotAnswered && enterAccount({})) {
            setUser({}, SessionUser::kNotAnswered);
        }
        return;
    }
    if (!user_ || user_->version != broker_.gate()->version()) {
        check(&ClientSession::onRecheck);
    }
}

void ClientSession::onRecheck(const AuthAnswer& answer, std::uint32_t version) {
    const bool settled = state_ == State::open || state_ == State::throttled;
    if (!settled || version != broker_.gate()->version()) {
        return;  // asked anew meanwhile
    }
    if (!answer.accepted) {
        refuse(answer.reason);
    } else if (enterAccount(answer.account)) {
        setUser(answer, version);
    }
}

/// Refuses who has subscriptions in another account: they would have to move unseen. The client
/// connects again, and then is in the right one.
bool ClientSession::enterAccount(std::string_view name) {
    Account& account = broker_.account(name);
    if (&account != account_ && sids_.size() > 0) {
        refuse("the user now belongs to another account");
        return false;
    }
    account_ = &account;
    return true;
}

}  // namespace gnatsd::kernel
