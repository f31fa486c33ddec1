#include "plugins/ldap/LoginPool.h"

#include <exception>
#include <optional>
#include <utility>

namespace gnatsd::ldap {

using sdk::AuthResult;

LoginPool::LoginPool(std::shared_ptr<const Settings> settings, sdk::Logger& logger)
    : outage_(logger, "LDAP server") {
    settings_.set(std::move(settings));
    threads_.reserve(kThreads);
    for (std::size_t i = 0; i < kThreads; ++i) {
        threads_.emplace_back([this] { run(); });
    }
}

void LoginPool::stop() {
    std::deque<Login> left;
    {
        const std::lock_guard lock(mutex_);
        isOver_ = true;
        left.swap(waiting_);
    }
    changed_.notify_all();
    for (const Login& login : left) {
        login.reply(AuthResult::unavailable("the server stops"));
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void LoginPool::post(std::string user, common::Secret password, sdk::AuthReply reply) {
    {
        const std::lock_guard lock(mutex_);
        if (!isOver_ && waiting_.size() < kMostWaiting) {
            waiting_.push_back(
                {std::move(user), std::move(password), std::move(reply), Clock::now()});
            changed_.notify_one();
            return;
        }
    }
    reply(AuthResult::unavailable("too many logins wait for the LDAP server"));
}

void LoginPool::run() {
    std::optional<Directory> directory;
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return isOver_ || !waiting_.empty(); });
        if (isOver_) {
            return;
        }
        const Login login = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const auto settings = settings_.get();
        if (!directory || directory->settings() != settings) {
            directory.emplace(settings);
        }
        if (login.reply.isAwaited()) {
            login.reply(judge(*directory, login));
        }
        lock.lock();
    }
}

AuthResult LoginPool::judge(Directory& directory, const Login& login) {
    const Settings& settings = *directory.settings();
    if (Clock::now() - login.asked > settings.timeout) {
        return AuthResult::unavailable("the LDAP server is too slow for all who wait");
    }
    try {
        const Directory::Answer answer = directory.check(login.user, login.password.text());
        outage_.ended();
        switch (answer) {
            case Directory::Answer::right:
                return settings.rules.fits(login.user)
                           ? AuthResult::accept(login.user, settings.rules.rulesFor(login.user),
                                                settings.account)
                           : AuthResult::reject("the name cannot be part of a subject");
            case Directory::Answer::wrong:
                // With user_dn this may also be a name that the directory does not have.
                return settings.searches() ? AuthResult::reject("wrong password")
                                           : AuthResult::abstain("wrong name or password");
            case Directory::Answer::unknown:
                return AuthResult::abstain("unknown user");
            case Directory::Answer::ambiguous:
                return AuthResult::reject("the directory has several of that name");
        }
        return AuthResult::reject();
    } catch (const Unavailable& problem) {
        outage_.began(problem.message());
        return AuthResult::unavailable(problem.message());
    } catch (const std::exception& problem) {
        return AuthResult::unavailable(problem.what());
    }
}

}  // namespace gnatsd::ldap
