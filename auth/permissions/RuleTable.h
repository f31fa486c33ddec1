// RuleTable: which permission rules count for which user, as the configuration says.
//
// Threads: constant after read(), so any.

#pragma once

#include <gnatsd/PermissionProvider.h>
#include <gnatsd/Plugin.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gnatsd::auth::permissions {

class RuleTable {
public:
    using Rules = std::shared_ptr<const sdk::PermissionRules>;

    /// Throws what is wrong with a permission map.
    static std::shared_ptr<const RuleTable> read(const sdk::Config& config);

    /// No user has rules.
    bool empty() const noexcept { return own_.empty() && defaults_.empty(); }

    /// The user's own rules, else the default ones of its account, else those of the authorization
    /// block; null: no rules. The single user and whoever came with the token have none (OPT-88).
    Rules find(std::string_view user, std::string_view account) const;

    const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };

    std::unordered_map<std::string, Rules, Hash, std::equal_to<>> own_;  // by user or nkey
    std::map<std::string, Rules, std::less<>> defaults_;                 // by account
    std::string singleUser_;
    bool hasToken_ = false;
    std::vector<std::string> warnings_;
};

}  // namespace gnatsd::auth::permissions
