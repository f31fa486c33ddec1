// LoginPool: threads that wait for the directory, so that nobody else has to.
//
// Threads: its own, each with its connections; post() and use() from any.
// Lifetime: after stop() it refuses all and may be kept.

#pragma once

#include "plugins/common/Outage.h"
#include "plugins/common/Secret.h"
#include "plugins/ldap/Directory.h"
#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/Current.h>
#include <gnatsd/PluginContext.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::ldap {

class LoginPool {
public:
    LoginPool(std::shared_ptr<const Settings> settings, sdk::Logger& logger);
    ~LoginPool() { stop(); }
    LoginPool(const LoginPool&) = delete;
    LoginPool& operator=(const LoginPool&) = delete;

    /// From now on another directory counts, also for logins that wait.
    void use(std::shared_ptr<const Settings> settings) { settings_.set(std::move(settings)); }

    /// Answers what waits and joins the threads, which takes the timeout of the settings at most.
    void stop();

    /// Answers later, or at once when too many wait.
    void post(std::string user, common::Secret password, sdk::AuthReply reply);

private:
    static constexpr std::size_t kThreads = 4;
    static constexpr std::size_t kMostWaiting = 4096;

    struct Login {
        std::string user;
        common::Secret password;
        sdk::AuthReply reply;
        Clock::time_point asked;
    };

    void run();
    sdk::AuthResult judge(Directory& directory, const Login& login);

    sdk::Current<Settings> settings_;
    common::Outage outage_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Login> waiting_;
    bool isOver_ = false;
    std::vector<std::thread> threads_;  // last: they use all others
};

}  // namespace gnatsd::ldap
