#include "plugins/callout/Service.h"

#include "plugins/callout/Answer.h"

#include <optional>
#include <utility>

namespace gnatsd::callout {

Service::Service(std::shared_ptr<const Settings> settings, sdk::Logger& logger)
    : settings_(std::move(settings)),
      cache_(settings_->cacheTtl, settings_->cacheSize),
      health_(settings_->connections),
      outage_(logger, "the service " + settings_->url) {}

void Service::start() {
    const std::weak_ptr<Service> weak = weak_from_this();
    pool_ = std::make_shared<CallPool>(
        settings_,
        [weak] {
            const auto self = weak.lock();
            return self && self->health_.mayCall(Health::Clock::now());
        },
        [weak](const Call& call, const CallPool::Outcome& outcome) {
            if (const auto self = weak.lock()) {
                self->done(call, outcome);
            }
        });
    pool_->start();
}

void Service::stop() {
    pool_->stop();
}

void Service::ask(const sdk::ConnectRequest& request, const sdk::AuthReply& reply) {
    std::string key;
    if (cache_.isOn()) {
        key = keys_.of(request);
        if (const std::optional<sdk::AuthResult> known =
                cache_.find(key, AnswerCache::Clock::now())) {
            reply(*known);
            return;
        }
    }
    const auto call = std::make_shared<Call>(reply, questionOf(request), std::move(key),
                                             std::string(request.user));
    if (!pool_->post(call)) {
        fail(reply, "too many calls wait for the service");
    }
}

void Service::done(const Call& call, const CallPool::Outcome& outcome) {
    if (outcome.wasNotAsked) {
        fail(call.reply, outcome.failure);
        return;
    }
    if (!outcome.failure.empty()) {
        health_.failed(Health::Clock::now());
        outage_.began(outcome.failure);
        fail(call.reply, outcome.failure);
        return;
    }
    health_.answered();
    const Judgement judgement = judge(outcome.answer, call.user);
    if (!judgement.result) {
        outage_.began(judgement.problem);
        fail(call.reply, judgement.problem);
        return;
    }
    outage_.ended();
    cache_.put(call.key, *judgement.result, AnswerCache::Clock::now());
    call.reply(*judgement.result);
}

void Service::fail(const sdk::AuthReply& reply, const std::string& why) const {
    reply(settings_->abstainOnError ? sdk::AuthResult::abstain(why)
                                    : sdk::AuthResult::unavailable(why));
}

}  // namespace gnatsd::callout
