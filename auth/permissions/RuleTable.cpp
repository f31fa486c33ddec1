#include "auth/permissions/RuleTable.h"

#include "auth/common/UserEntries.h"
#include "auth/permissions/RuleReader.h"

#include <utility>

namespace gnatsd::auth::permissions {

std::shared_ptr<const RuleTable> RuleTable::read(const sdk::Config& config) {
    auto table = std::make_shared<RuleTable>();
    RuleReader reader(config, common::valueOf(config, "strict_permissions") == "true");
    table->singleUser_ = common::valueOf(config, "user");
    table->hasToken_ = config.has("token");
    if (Rules rules = reader.read("default_permissions", "users without their own")) {
        table->defaults_.emplace(std::string(), std::move(rules));
    }
    common::forEachAccount(config, [&](const common::UserEntry& entry) {
        const std::string whose = "account " + common::quoted(entry.account);
        if (Rules rules = reader.read(entry.accountKey + ".default_permissions", whose)) {
            table->defaults_.emplace(entry.account, std::move(rules));
        }
    });
    common::forEachUser(config, [&](const common::UserEntry& entry) {
        if (!entry.mentions("permissions")) {
            return;
        }
        const std::string whose = "user " + common::quoted(entry.name);
        if (Rules rules = reader.read(entry.key + ".permissions", whose)) {
            table->own_.insert_or_assign(entry.name, std::move(rules));
        }
    });
    table->warnings_ = reader.warnings();
    return table;
}

RuleTable::Rules RuleTable::find(std::string_view user, std::string_view account) const {
    if (const auto own = own_.find(user); own != own_.end()) {
        return own->second;
    }
    const bool isAlone = account.empty() && (user.empty() ? hasToken_ : user == singleUser_);
    if (isAlone) {
        return nullptr;
    }
    auto found = defaults_.find(account);
    if (found == defaults_.end()) {
        found = defaults_.find(std::string_view());
    }
    return found == defaults_.end() ? nullptr : found->second;
}

}  // namespace gnatsd::auth::permissions
