// Service: the service that is asked, with all that belongs to one set of settings: connections,
// remembered answers, whether it is up.
//
// Threads: ask() from any thread; start(), retire() and stop() from one.
// Lifetime: stop() before the logger goes. Shared with calls that are left behind.

#pragma once

#include "plugins/callout/AnswerCache.h"
#include "plugins/callout/CallPool.h"
#include "plugins/callout/Health.h"
#include "plugins/callout/Question.h"
#include "plugins/callout/Settings.h"
#include "plugins/common/Outage.h"
#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/PluginContext.h>

#include <memory>
#include <string>

namespace gnatsd::callout {

class Service : public std::enable_shared_from_this<Service> {
public:
    Service(std::shared_ptr<const Settings> settings, sdk::Logger& logger);

    std::shared_ptr<const Settings> settings() const noexcept { return settings_; }

    /// Throws when there are no threads.
    void start();

    /// Answers at once from what it remembers, or later.
    void ask(const sdk::ConnectRequest& request, const sdk::AuthReply& reply);

    /// Takes no more questions, but answers those that it has.
    void retire() { pool_->retire(); }

    /// Answers what is open. May be called twice.
    void stop();

private:
    void done(const Call& call, const CallPool::Outcome& outcome);
    void fail(const sdk::AuthReply& reply, const std::string& why) const;

    const std::shared_ptr<const Settings> settings_;
    const Keys keys_;
    AnswerCache cache_;
    Health health_;
    common::Outage outage_;
    std::shared_ptr<CallPool> pool_;
};

}  // namespace gnatsd::callout
