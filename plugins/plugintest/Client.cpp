#include "plugins/plugintest/Client.h"

#include "kernel/Permissions.h"
#include "kernel/Subject.h"

#include <chrono>
#include <utility>

namespace gnatsd::plugintest {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

void Client::enter(kernel::AuthAnswer answer) {
    answer_ = std::move(answer);
    grants_.reset();
}

bool Client::publishes(std::string_view subject) {
    const kernel::Permissions* rules = answer_.permissions.get();
    return rules == nullptr || rules->mayPublish(subject) ||
           (grants_ != nullptr && grants_->take(subject, Clock::now()));
}

bool Client::subscribes(std::string_view subject, std::string_view queue) const {
    const kernel::Permissions* rules = answer_.permissions.get();
    return !(answer_.limits.noWildcards && kernel::hasWildcard(subject)) &&
           (rules == nullptr || rules->maySubscribe(subject, queue));
}

bool Client::receives(std::string_view subject, std::string_view queue, std::string_view reply) {
    // A subscription that matches is allowed just if one to this very subject is.
    const bool comes = subscribes(subject, queue);
    const kernel::Permissions* rules = answer_.permissions.get();
    if (comes && rules != nullptr && rules->responses() && !reply.empty()) {
        if (grants_ == nullptr) {
            grants_ = std::make_unique<kernel::ResponseGrants>();
        }
        grants_->grant(reply, *rules->responses(), Clock::now());
    }
    return comes;
}

}  // namespace gnatsd::plugintest
