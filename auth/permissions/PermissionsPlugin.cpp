// What users may publish and subscribe to, by the rules in the configuration.
//
// Configuration: `users.N.permissions`, `default_permissions`, the same below `accounts.N`, and
// `strict_permissions`. A permission map has `publish` and `subscribe`, each with lists `allow.N`
// and `deny.N`, and `allow_responses`, true or with `max` and `expires`.

#include "auth/permissions/RuleTable.h"
#include <gnatsd/Current.h>
#include <gnatsd/PermissionProvider.h>
#include <gnatsd/Plugin.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace gnatsd;
using auth::permissions::RuleTable;

namespace {

/// More than one wants to read.
constexpr std::size_t kMostWarnings = 20;

class Provider final : public sdk::PermissionProvider {
public:
    void set(std::shared_ptr<const RuleTable> table) { table_.set(std::move(table)); }

    std::shared_ptr<const sdk::PermissionRules> rulesFor(std::string_view user,
                                                         std::string_view account) const override {
        return table_.get()->find(user, account);
    }

    sdk::Cost cost(std::string_view, std::string_view) const override { return sdk::Cost::fast; }

private:
    sdk::Current<RuleTable> table_;
};

class PermissionsPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override { table_ = RuleTable::read(config); }

    void start(sdk::PluginContext& context) override {
        logger_ = &context.logger();
        provider_->set(table_);
        registration_ =
            context.registry().provide<sdk::PermissionProvider>("permissions", provider_);
        warn(*table_);
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        return sdk::whenApplied([this, table = RuleTable::read(config)] {
            provider_->set(table);
            warn(*table);
        });
    }

    void stop() override { registration_.revoke(); }

private:
    void warn(const RuleTable& table) {  // OPT-87
        const auto& warnings = table.warnings();
        const std::size_t shown = std::min(warnings.size(), kMostWarnings);
        for (std::size_t i = 0; i < shown; ++i) {
            logger_->warning(warnings[i]);
        }
        if (shown < warnings.size()) {
            logger_->warning("permissions of other users leave sides open too, " +
                             std::to_string(warnings.size() - shown) + " more");
        }
    }

    const std::shared_ptr<Provider> provider_ = std::make_shared<Provider>();
    std::shared_ptr<const RuleTable> table_;
    sdk::Logger* logger_ = nullptr;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(PermissionsPlugin, "permissions", GNATSD_VERSION, sdk::RunLevel::auth)
