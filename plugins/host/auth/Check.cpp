#include "plugins/host/auth/Check.h"

#include "plugins/host/Barrier.h"
#include "plugins/host/auth/PeerAddress.h"
#include <gnatsd/AsyncAuthenticator.h>

#include <utility>

namespace gnatsd::host::auth {

namespace {

using kernel::Level;

/// The host's end of an AuthReply.
class Sink final : public sdk::AuthReply::Sink {
public:
    Sink(std::shared_ptr<Awaited> awaited, std::uint64_t number)
        : awaited_(std::move(awaited)), number_(number) {}

    void answer(sdk::AuthResult result) noexcept override {
        if (const auto check = awaited_->take(number_)) {
            check->resume(std::move(result));
        }
    }
    bool isAwaited() const noexcept override {
        const auto check = awaited_->look(number_);
        return check != nullptr && check->isAwaited();
    }

private:
    const std::shared_ptr<Awaited> awaited_;
    const std::uint64_t number_;
};

/// A weak pointer that was never set is nobody who could go away.
bool isSet(const std::weak_ptr<const void>& pointer) noexcept {
    const std::weak_ptr<const void> unset;
    return pointer.owner_before(unset) || unset.owner_before(pointer);
}

}  // namespace

Check::Check(std::shared_ptr<Engine> engine, std::shared_ptr<const Request> request,
             std::weak_ptr<const void> asker, std::shared_ptr<const kernel::AuthTicket> held,
             Kind kind, Done done)
    : engine_(std::move(engine)),
      request_(std::move(request)),
      asker_(std::move(asker)),
      held_(std::move(held)),
      kind_(kind),
      links_(engine_->links.snapshot()),
      done_(std::move(done)) {
    engine_->opened();
}

Check::~Check() {
    engine_->closed();
    if (done_ && !engine_->isOver()) {
        engine_->audit.refused(*request_,
                               {{}, {}, method_, "nobody waited for the answer", duration()});
    }
}

bool Check::isAwaited() const noexcept {
    return !isSet(asker_) || !asker_.expired();
}

bool Check::isOverdue() const noexcept {
    return !isAwaited() ||
           (isRecheck() && Clock::now() - started_ > engine_->settings.recheckPatience);
}

void Check::giveUp() {
    if (isAwaited()) {
        refuse("no answer in time");
    }
}

void Check::postFast() {
    isOnSlow_ = false;
    const auto lane = isRecheck() ? WorkerPool::Lane::patient : WorkerPool::Lane::client;
    if (!engine_->fast.post(shared_from_this(), lane)) {
        refuse("too many clients wait to be authenticated");
    }
}

bool Check::moveToSlow() {
    if (isOnSlow_) {
        return false;
    }
    isOnSlow_ = true;
    const auto lane = isRecheck() ? WorkerPool::Lane::patient : WorkerPool::Lane::client;
    if (!engine_->slow.post(shared_from_this(), lane)) {
        refuse("too many clients wait to be authenticated");
    }
    return true;
}

void Check::resume(sdk::AuthResult result) {
    result_ = std::move(result);
    postFast();
}

void Check::run() {
    if (accepted_) {
        admit();
        return;
    }
    if (std::optional<sdk::AuthResult> result = std::exchange(result_, std::nullopt)) {
        const Link& link = *(*links_)[next_++];
        if (judge(link, std::move(*result)) == Next::nobody) {
            return;
        }
    }
    askOn();
}

void Check::askOn() {
    while (next_ < links_->size()) {
        // The link counts before it is asked: what it answers may come on another thread.
        if (ask(*(*links_)[next_]) == Next::nobody) {
            return;
        }
        ++next_;
    }
    reject("no authenticator accepts the client" +
           (abstentions_.empty() ? "" : ": " + abstentions_));
}

Check::Next Check::ask(Link& link) {
    const auto direct = link.direct().lock();
    const auto async = link.async().lock();
    if (direct == nullptr && async == nullptr) {
        return Next::another;  // gone meanwhile
    }
    if (link.hungCalls() >= engine_->settings.hungCalls) {
        method_ = link.name();
        refuse("authenticator " + link.name() + " does not come back");
        return Next::nobody;
    }
    return direct ? askDirect(link, *direct) : askAsync(link, *async);
}

Check::Next Check::askDirect(Link& link, const sdk::Authenticator& authenticator) {
    const sdk::ConnectRequest view = request_->view(isRecheck());
    sdk::Cost cost = sdk::Cost::slow;
    sdk::AuthResult result;
    auto error = caught([&] { cost = authenticator.cost(view); });
    if (!error) {
        if ((cost == sdk::Cost::slow || link.isSlow()) && moveToSlow()) {
            return Next::nobody;
        }
        const Clock::time_point before = Clock::now();
        error = caught([&] {
            const Link::Call call(link);
            const VerifiedSecrets::Collecting collecting(pins_);
            result = authenticator.authenticate(view);
        });
        if (engine_->isOver()) {
            return Next::nobody;  // it came back after the server had given it up
        }
        if (cost == sdk::Cost::fast && !isOnSlow_) {
            link.noteFast(Clock::now() - before, engine_->log);
        }
    }
    if (error) {
        failed(link.name(), error->text);
        return Next::nobody;
    }
    return judge(link, std::move(result));
}

Check::Next Check::askAsync(Link& link, const sdk::AsyncAuthenticator& authenticator) {
    if (link.isSlow() && moveToSlow()) {
        return Next::nobody;
    }
    // From put() on the check may go on elsewhere; nothing of it is touched here any more but what
    // does not change.
    const std::shared_ptr<Check> self = shared_from_this();
    const bool isOnSlow = isOnSlow_;
    const std::uint64_t number = engine_->awaited->put(self);
    if (number == 0) {
        refuse("too many answers are awaited");
        return Next::nobody;
    }
    const sdk::AuthReply reply(std::make_shared<Sink>(engine_->awaited, number));
    const Clock::time_point before = Clock::now();
    const auto error = caught([&] {
        const Link::Call call(link);
        authenticator.authenticate(request_->view(isRecheck()), reply);
    });
    if (engine_->isOver()) {
        return Next::nobody;
    }
    if (!isOnSlow) {
        link.noteFast(Clock::now() - before, engine_->log);
    }
    if (error && engine_->awaited->take(number) != nullptr) {
        failed(link.name(), error->text);
    }
    return Next::nobody;
}

Check::Next Check::judge(const Link& link, sdk::AuthResult result) {
    switch (result.verdict) {
        case sdk::Verdict::abstain:
            if (!result.reason.empty()) {
                abstentions_ += abstentions_.empty() ? "" : "; ";
                abstentions_ += link.name() + ": " + oneLine(result.reason);
            }
            return Next::another;
        case sdk::Verdict::accept:
            method_ = link.name();
            accepted_ = std::move(result);
            admit();
            return Next::nobody;
        case sdk::Verdict::reject:
            method_ = link.name();
            reject(result.reason.empty() ? "rejected" : oneLine(result.reason));
            return Next::nobody;
        case sdk::Verdict::unavailable:
            if (isRecheck() && askLater()) {
                return Next::nobody;
            }
            method_ = link.name();
            refuse("unavailable" + (result.reason.empty() ? "" : ": " + oneLine(result.reason)));
            return Next::nobody;
    }
    failed(link.name(), "an answer that is no verdict");
    return Next::nobody;
}

/// A short outage, or one that many rechecks at once have made, shall not close open sessions. Once
/// it answers true, the check may go on elsewhere.
bool Check::askLater() {
    const Clock::duration pause = engine_->settings.recheckPause;
    if (Clock::now() - started_ + pause >= engine_->settings.recheckPatience) {
        return false;
    }
    next_ = 0;
    abstentions_.clear();
    pins_.clear();
    return engine_->postLater(shared_from_this(), pause);
}

void Check::failed(const std::string& who, const std::string& error) {
    method_ = who;
    engine_->log.write(Level::error,
                       "Authenticator " + who + " failed, the client is refused: " + error);
    refuse("authenticator " + who + " failed");
}

/// The client's own fault, which counts against its address.
void Check::reject(std::string_view why) {
    if (!isRecheck()) {
        engine_->failures.failed(sourceOf(request_->asked().peerAddress), Clock::now());
    }
    refuse(why);
}

void Check::refuse(std::string_view why) {
    kernel::AuthAnswer refusal;
    refusal.reason = why;
    answer(std::move(refusal));
}

void Check::answer(kernel::AuthAnswer given) {
    const Done done = std::exchange(done_, nullptr);
    if (!done) {
        return;
    }
    const auto took = duration();
    if (!given.accepted) {
        engine_->audit.refused(*request_, {{}, {}, method_, given.reason, took});
        const std::string by = method_.empty() ? "" : method_ + ", ";
        given.reason += " (" + by + std::to_string(took.count()) + "us)";
    } else if (!isRecheck() && isAwaited()) {
        engine_->audit.accepted(*request_, {given.user, given.account, method_, {}, took});
    }
    done(std::move(given));
}

std::chrono::microseconds Check::duration() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
}

}  // namespace gnatsd::host::auth
