// The part of ClientSession that deals with SUB and UNSUB.

#include "kernel/ClientSession.h"
#include "kernel/Subject.h"
#include "kernel/Text.h"

#include <charconv>

namespace gnatsd::kernel {

namespace {

/// UNSUB's max: what is not a number means "now", what is too large means "never" (CP-68).
std::uint64_t parseMax(std::string_view text) {
    std::uint64_t max = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), max);
    if (error == std::errc::result_out_of_range) {
        return UINT64_MAX;
    }
    return error == std::errc() && end == text.data() + text.size() ? max : 0;
}

}  // namespace

void ClientSession::subscribe(const Op& op) {
    const std::string_view subject = op.words[0];
    const std::string_view queue = op.wordCount == 3 ? op.words[1] : std::string_view();
    const std::string_view sid = op.words[op.wordCount - 1];
    const Limits& limits = broker_.limits();
    if (!maySubscribe(subject, queue)) {  // CP-65: before anything else is looked at
        refuseSubscribe(subject, queue, sid);
        return;
    }
    if (limits.maxSubscriptionTokens != 0 && tokenCount(subject) > limits.maxSubscriptionTokens) {
        log(Level::error, "Subscription Violation - " + userText() + ", Subject " + quote(subject) +
                              ", SID " + escape(sid));
        sendError("Permissions Violation for Subscription to " + quote(subject) +
                  ", too many tokens");  // CP-216
        return;
    }
    if (limits.maxSubscriptions != 0 && sids_.size() >= limits.maxSubscriptions) {
        link_.flush();  // forgets those whose last message was delivered in this batch
    }
    if (limits.maxSubscriptions != 0 && sids_.size() >= limits.maxSubscriptions) {  // CP-170
        log(Level::error, "maximum subscriptions exceeded");
        sendError(ProtocolError::maxSubscriptions);
        return;
    }
    if (Subscription* old = sids_.find(sid); old != nullptr) {
        if (!old->closed()) {  // CP-62
            ok();
            return;
        }
        sids_.remove(sid);  // CP-63: its last message was delivered in this very batch
    }
    if (!isPattern(subject)) {  // CP-64
        sendError(ProtocolError::invalidSubject);
        return;
    }
    const Ref<Subscription> subscription = Subscription::make(outbox_.get(), subject, queue, sid);
    setRules(*subscription);
    sids_.insert(subscription);
    account_->sublist().insert(subscription);
    ok();
}

void ClientSession::unsubscribe(const Op& op) {
    Subscription* subscription = sids_.find(op.words[0]);
    if (subscription == nullptr) {  // CP-67
        ok();
        return;
    }
    const std::uint64_t max = op.wordCount == 2 ? parseMax(op.words[1]) : 0;
    bool now = true;
    if (max != 0) {
        const MutexLock lock(outbox_->mutex());
        now = subscription->delivered() >= max;  // CP-69
        if (!now) {
            subscription->setMax(max);
        }
    }
    if (broker_.log().debugOn()) {
        const std::string sid = escape(subscription->sid());
        if (!now) {
            log(Level::debug, "Deferring actual UNSUB(" + escape(subscription->subject()) +
                                  "): " + std::to_string(max) + " max, " +
                                  std::to_string(subscription->delivered()) + " received");
        } else if (max != 0) {
            log(Level::debug, "Auto-unsubscribe limit of " + std::to_string(max) +
                                  " reached for sid '" + sid + "'");
        }
    }
    if (now) {
        forget(*subscription);
    }
    ok();
}

void ClientSession::forget(Subscription& subscription) {
    if (broker_.log().traceOn()) {
        log(Level::trace, "<-> [DELSUB " + escape(subscription.sid()) + "]");
    }
    if (subscription.close()) {
        account_->sublist().remove(subscription);
    }
    const Ref<Subscription> removed = sids_.remove(subscription.sid());
}

void ClientSession::collectFar() {
    std::vector<Ref<Subscription>> expired;
    outbox_->collect(expired);
    if (!expired.empty()) {
        onExpired(expired);
    }
}

void ClientSession::onExpired(const std::vector<Ref<Subscription>>& expired) {
    for (const Ref<Subscription>& subscription : expired) {
        // The sid may be in use again by now.
        if (sids_.find(subscription->sid()) == subscription.get()) {
            if (broker_.log().debugOn()) {  // LOG-120
                log(Level::debug, "Auto-unsubscribe limit of " +
                                      std::to_string(subscription->max()) + " reached for sid '" +
                                      escape(subscription->sid()) + "'");
            }
            forget(*subscription);
        }
    }
}

}  // namespace gnatsd::kernel
