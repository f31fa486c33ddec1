// Settings: which directory to ask, and how.
//
// Threads: constant after construction, so any.

#pragma once

#include "plugins/common/RuleTemplate.h"
#include "plugins/common/Secret.h"
#include <gnatsd/Plugin.h>

#include <chrono>
#include <string>
#include <string_view>

namespace gnatsd::ldap {

struct Settings {
    /// Throws Poco::DataFormatException.
    explicit Settings(const sdk::Config& config);

    /// The user's name in the template of a distinguished name or of a filter, escaped.
    std::string dnOf(std::string_view user) const;
    std::string filterFor(std::string_view user) const;

    /// Whether users' names are looked for before their passwords are tried.
    bool searches() const noexcept { return userDn.empty(); }

    /// Whether passwords go over a network unencrypted.
    bool isPlain() const;

    const std::string url;
    const bool startTls;
    const std::string caFile;  // empty: the system's
    const std::chrono::milliseconds timeout;

    const std::string userDn;  // with {user}
    const std::string base;
    const std::string filter;  // with {user}
    const std::string bindDn;
    const common::Secret bindPassword;

    const std::string account;
    const common::RuleTemplate rules;
};

}  // namespace gnatsd::ldap
