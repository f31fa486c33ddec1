// Lets clients in by name and password from an SQLite database.
//
//     plugins {
//       load: [sqlite]
//       sqlite {
//         file: "/var/lib/gnatsd/users.db"
//         query: "SELECT password, permissions, account FROM users WHERE name = ?"
//         timeout: "500ms"        how long to wait for a lock; a query runs no longer than twice it
//         account: "A"            of users whose row has none; default: the default account
//         permissions {publish: "users.{user}.>", subscribe: "_INBOX.>"}     of such users as well
//       }
//     }
//
// The query above is the default; another one has one parameter and any columns of these names.
//     password      a bcrypt, SHA-256 or SHA-512 crypt hash, no plain text
//     permissions   JSON: {"publish": ["a.>"], "subscribe": {"allow": "b", "deny": "b.c"}}; may be
//                   missing or NULL
//     account       may be missing or NULL
// The file is asked at each CONNECT, so changes count at once; users of the configuration file are
// asked before it. While it is missing, locked for longer or damaged, whoever is left for it is
// refused, also whom a later authenticator would take; the log says so once, and it works again as
// soon as the file does.
// Threads: checks run on the host's workers for slow checks, each with a session of its own.

#include "plugins/common/CryptVerifier.h"
#include "plugins/common/JsonAccess.h"
#include "plugins/common/Outage.h"
#include "plugins/common/Passwords.h"
#include "plugins/common/RuleTemplate.h"
#include "plugins/common/Settings.h"
#include "plugins/common/SharedRules.h"
#include "plugins/sqlite/DatabasePool.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/Current.h>
#include <gnatsd/Plugin.h>

#include <exception>
#include <memory>
#include <utility>

using namespace gnatsd;
using sqlite::DatabasePool;
using sqlite::UserRow;
using std::chrono::milliseconds;

namespace {

constexpr const char* kQuery = "SELECT password, permissions, account FROM users WHERE name = ?";
constexpr int kRank = 50;  // after those of the file, who come in also while the database is away
constexpr milliseconds kLongest = std::chrono::seconds(10);

/// For names that are not known, until a hash of the database was seen.
constexpr std::string_view kDecoy = "$2y$10$abcdefghijklmnopqrstuu...............................";

struct Settings {
    explicit Settings(const sdk::Config& config)
        : file(common::requireText(config, "file")),
          query(common::readText(config, "query", kQuery)),
          timeout(common::readDuration(config, "timeout", milliseconds(500))),
          account(common::readText(config, "account")),
          rules(config, "permissions", "user"),
          pool(std::make_shared<DatabasePool>(file, timeout)) {
        if (timeout < milliseconds(1) || timeout > kLongest) {
            sdk::refuseSetting(config, "timeout", "timeout is a duration from 1ms to 10s");
        }
    }

    const std::string file;
    const std::string query;
    const milliseconds timeout;
    const std::string account;
    const common::RuleTemplate rules;
    const std::shared_ptr<DatabasePool> pool;
};

class SqliteUsers final : public sdk::Authenticator {
public:
    explicit SqliteUsers(sdk::PluginContext& context)
        : passwords_(context.registry()), outage_(context.logger(), "the user database") {
        decoy_.set(std::make_shared<const common::Secret>(kDecoy));
    }

    void set(std::shared_ptr<const Settings> settings) { settings_.set(std::move(settings)); }

    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        if (request.user.empty()) {
            return sdk::AuthResult::abstain("no user given");
        }
        const std::shared_ptr<const Settings> settings = settings_.get();
        const std::string name(request.user);
        std::optional<UserRow> row;
        try {
            row = settings->pool->find(settings->query, name);
        } catch (const Poco::Exception& error) {
            return unavailable(error.displayText());
        } catch (const std::exception& error) {
            return unavailable(error.what());
        }
        outage_.ended();
        if (!row) {
            passwords_.matches(decoy_.get()->text(), request.password);
            return sdk::AuthResult::abstain("unknown user");
        }
        return judge(*settings, name, *row, request.password);
    }

    sdk::Cost cost(const sdk::ConnectRequest& request) const override {
        return request.user.empty() ? sdk::Cost::fast : sdk::Cost::slow;
    }

private:
    sdk::AuthResult unavailable(const std::string& why) const {
        outage_.began(why);
        return sdk::AuthResult::unavailable(why);
    }

    sdk::AuthResult judge(const Settings& settings, const std::string& name, const UserRow& row,
                          std::string_view password) const {
        const std::string_view hash = row.password.text();
        if (!passwords_.isHash(hash)) {
            return sdk::AuthResult::reject("what is stored as password is no hash");
        }
        learn(hash);
        if (!passwords_.matches(hash, password)) {
            return sdk::AuthResult::reject("wrong password");
        }
        const std::string& account = row.account.empty() ? settings.account : row.account;
        if (row.permissions.empty()) {
            return settings.rules.fits(name)
                       ? sdk::AuthResult::accept(name, settings.rules.rulesFor(name), account)
                       : sdk::AuthResult::reject("the name cannot be part of a subject");
        }
        try {
            return sdk::AuthResult::accept(
                name,
                rules_.get(row.permissions,
                           [&] { return common::readRules(common::parseObject(row.permissions)); }),
                account);
        } catch (const Poco::Exception& error) {
            return sdk::AuthResult::reject("stored permissions: " + error.message());
        }
    }

    /// The first hash stands for what all cost.
    void learn(std::string_view hash) const {
        if (decoy_.get()->text() == kDecoy && common::CryptVerifier().claims(hash)) {
            decoy_.set(std::make_shared<const common::Secret>(common::decoyOf(hash)));
        }
    }

    const common::Passwords passwords_;
    sdk::Current<Settings> settings_;
    mutable sdk::Current<common::Secret> decoy_;
    mutable common::SharedRules rules_;  // by their JSON
    mutable common::Outage outage_;
};

class SqlitePlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override {
        settings_ = std::make_shared<const Settings>(config);
    }

    void start(sdk::PluginContext& context) override {
        service_ = std::make_shared<SqliteUsers>(context);
        service_->set(std::move(settings_));
        verifier_ = context.registry().provide<sdk::PasswordVerifier>(
            "sqlite", std::make_shared<common::CryptVerifier>(), common::CryptVerifier::kRank);
        registration_ = context.registry().provide<sdk::Authenticator>("sqlite", service_, kRank);
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        return sdk::whenApplied(
            [this, next = std::make_shared<const Settings>(config)] { service_->set(next); });
    }

    void stop() override {
        registration_.revoke();
        verifier_.revoke();
    }

private:
    std::shared_ptr<const Settings> settings_;  // between configure() and start()
    std::shared_ptr<SqliteUsers> service_;
    sdk::Registration verifier_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(SqlitePlugin, "sqlite", "1.0.0", sdk::RunLevel::auth)
