// Directory: answers whether a name and a password are those of somebody in the directory. Keeps
// its connections, and makes new ones when the server has closed them.
//
// Threads: one at a time.

#pragma once

#include "plugins/ldap/Connection.h"
#include "plugins/ldap/Settings.h"

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::ldap {

class Directory {
public:
    enum class Answer { right, wrong, unknown, ambiguous };

    explicit Directory(std::shared_ptr<const Settings> settings) : settings_(std::move(settings)) {}

    const std::shared_ptr<const Settings>& settings() const noexcept { return settings_; }

    /// Requires: neither is empty. Blocks for the timeout of the settings at most. Throws
    /// Unavailable, for a while after a failure at once.
    Answer check(const std::string& user, std::string_view password);

private:
    static constexpr std::chrono::milliseconds kPause{250};

    Answer checkOnce(const std::string& user, std::string_view password,
                     Clock::time_point deadline);
    Connection& searcher(Clock::time_point deadline);
    Connection& binder(Clock::time_point deadline);

    const std::shared_ptr<const Settings> settings_;
    std::unique_ptr<Connection> search_;  // bound as the settings say
    std::unique_ptr<Connection> bind_;
    Clock::time_point pausedUntil_;
    std::string pausedBy_;
};

}  // namespace gnatsd::ldap
