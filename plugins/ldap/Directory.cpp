#include "plugins/ldap/Directory.h"

namespace gnatsd::ldap {

Directory::Answer Directory::check(const std::string& user, std::string_view password) {
    const Clock::time_point start = Clock::now();
    if (start < pausedUntil_) {
        throw Unavailable(pausedBy_);
    }
    const Clock::time_point deadline = start + settings_->timeout;
    // A kept connection may have ended without anybody having noticed, so it gets a second chance.
    const bool isFresh = !search_ && !bind_;
    for (bool isLast = isFresh;; isLast = true) {
        try {
            return checkOnce(user, password, deadline);
        } catch (const Unavailable& problem) {
            search_.reset();
            bind_.reset();
            if (isLast || Clock::now() >= deadline) {
                pausedUntil_ = Clock::now() + kPause;
                pausedBy_ = problem.message();
                throw;
            }
        }
    }
}

Directory::Answer Directory::checkOnce(const std::string& user, std::string_view password,
                                       Clock::time_point deadline) {
    if (!settings_->searches()) {
        return binder(deadline).bind(settings_->dnOf(user), password, deadline) ? Answer::right
                                                                                : Answer::wrong;
    }
    const auto found =
        searcher(deadline).search(settings_->base, settings_->filterFor(user), deadline);
    if (found.size() != 1 || found.front().empty()) {
        return found.empty() ? Answer::unknown : Answer::ambiguous;
    }
    return binder(deadline).bind(found.front(), password, deadline) ? Answer::right : Answer::wrong;
}

Connection& Directory::searcher(Clock::time_point deadline) {
    if (!search_) {
        auto connection = std::make_unique<Connection>(*settings_, deadline);
        if (!settings_->bindDn.empty() &&
            !connection->bind(settings_->bindDn, settings_->bindPassword.text(), deadline)) {
            throw Unavailable("the server does not take bind_dn with bind_password");
        }
        search_ = std::move(connection);
    }
    return *search_;
}

Connection& Directory::binder(Clock::time_point deadline) {
    if (!bind_) {
        bind_ = std::make_unique<Connection>(*settings_, deadline);
    }
    return *bind_;
}

}  // namespace gnatsd::ldap
