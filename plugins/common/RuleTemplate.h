// RuleTemplate: the `permissions` of a sample's settings, in which {user} or another placeholder
// stands for the name of whoever is let in: publish: "devices.{id}.>".
//
// Threads: constant but for what it shares, so any.

#pragma once

#include "plugins/common/SharedRules.h"
#include <gnatsd/PermissionProvider.h>
#include <gnatsd/Plugin.h>

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::common {

class RuleTemplate {
public:
    using Rules = std::shared_ptr<const sdk::PermissionRules>;

    /// No rules: providers and default_permissions decide.
    RuleTemplate() = default;

    /// The map at `key`, when there is one; `name` is the placeholder without braces. Throws
    /// Poco::DataFormatException.
    RuleTemplate(const sdk::Config& config, const std::string& key, const std::string& name);

    /// Whether these rules can be made for that name: one with a dot or a wildcard would reach
    /// other users' subjects.
    bool fits(std::string_view name) const noexcept;

    /// The same object for all connections of a name, as long as one of them lasts. Null without
    /// rules. Requires: fits(name).
    Rules rulesFor(const std::string& name) const;

private:
    std::string placeholder_;
    Rules rules_;         // as written; null: none
    bool isSame_ = true;  // no subject has the placeholder
    mutable SharedRules made_;
};

}  // namespace gnatsd::common
