// Lets clients in by name and password from a file of Apache's htpasswd; a changed file counts
// without a reload.
//
//     plugins {
//       load: [htpasswd]
//       htpasswd {
//         file: "/etc/gnatsd/users"
//         check_interval: "1s"              how often to look whether the file has changed
//         account: "A"                      default: the default account
//         permissions {publish: "users.{user}.>", subscribe: ["_INBOX.>", "news.>"]}
//       }
//     }
//
// The file has bcrypt hashes (`htpasswd -B`), or those of -2 and -5. When it is wrong at start, the
// server does not start; when it becomes wrong or vanishes later, the users of before stay and the
// log has file and line. Sessions that are open stay open until the next reload (HUP), which judges
// all of them again.
// Threads: checks run on the host's workers, as slow ones unless the host remembers the password;
// one thread looks at the file.

#include "plugins/common/CryptVerifier.h"
#include "plugins/common/FileWatch.h"
#include "plugins/common/Passwords.h"
#include "plugins/common/RuleTemplate.h"
#include "plugins/common/Settings.h"
#include "plugins/htpasswd/UserFile.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/Current.h>
#include <gnatsd/Plugin.h>

#include <exception>
#include <memory>
#include <utility>

using namespace gnatsd;
using common::FileStamp;
using htpasswd::UserFile;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kLeastInterval{10};
constexpr milliseconds kMostInterval = std::chrono::hours(1);

struct Settings {
    explicit Settings(const sdk::Config& config)
        : file(common::requireText(config, "file")),
          interval(common::readDuration(config, "check_interval", milliseconds(1000))),
          account(common::readText(config, "account")),
          rules(config, "permissions", "user") {
        if (interval < kLeastInterval || interval > kMostInterval) {
            sdk::refuseSetting(config, "check_interval", "check_interval is from 10ms to 1h");
        }
    }

    const std::string file;
    const milliseconds interval;
    const std::string account;
    const common::RuleTemplate rules;
};

/// Settings with the users that their file had.
struct Loaded {
    explicit Loaded(const sdk::Config& config)
        : settings(std::make_shared<const Settings>(config)),
          stamp(FileStamp::of(settings->file)),
          users(UserFile::read(settings->file)) {}

    std::shared_ptr<const Settings> settings;
    FileStamp stamp;
    std::shared_ptr<const UserFile> users;
};

class Htpasswd final : public sdk::Authenticator {
public:
    explicit Htpasswd(const sdk::ServiceRegistry& registry) : passwords_(registry) {}

    void setSettings(std::shared_ptr<const Settings> settings) {
        settings_.set(std::move(settings));
    }
    void setUsers(std::shared_ptr<const UserFile> users) { users_.set(std::move(users)); }

    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        if (request.user.empty()) {
            return sdk::AuthResult::abstain("no user given");
        }
        const std::shared_ptr<const UserFile> users = users_.get();
        const common::Secret* hash = users->find(request.user);
        if (hash == nullptr) {
            passwords_.matches(users->decoy().text(), request.password);
            return sdk::AuthResult::abstain("unknown user");
        }
        if (!passwords_.matches(hash->text(), request.password)) {
            return sdk::AuthResult::reject("wrong password");
        }
        const std::string name(request.user);
        const std::shared_ptr<const Settings> settings = settings_.get();
        if (!settings->rules.fits(name)) {
            return sdk::AuthResult::reject("the name cannot be part of a subject");
        }
        return sdk::AuthResult::accept(name, settings->rules.rulesFor(name), settings->account);
    }

    sdk::Cost cost(const sdk::ConnectRequest& request) const override {
        if (request.user.empty()) {
            return sdk::Cost::fast;
        }
        const std::shared_ptr<const UserFile> users = users_.get();
        const common::Secret* hash = users->find(request.user);
        return passwords_.cost(hash == nullptr ? users->decoy().text() : hash->text(),
                               request.password);
    }

private:
    const common::Passwords passwords_;
    sdk::Current<Settings> settings_;
    sdk::Current<UserFile> users_;
};

class HtpasswdPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override {
        loaded_ = std::make_unique<Loaded>(config);
    }

    void start(sdk::PluginContext& context) override {
        logger_ = &context.logger();
        service_ = std::make_shared<Htpasswd>(context.registry());
        watch_ = std::make_unique<common::FileWatch>(
            [this](const std::string& path) { return load(path); });
        use(*loaded_);
        loaded_.reset();
        verifier_ = context.registry().provide<sdk::PasswordVerifier>(
            "htpasswd", std::make_shared<common::CryptVerifier>(), common::CryptVerifier::kRank);
        registration_ = context.registry().provide<sdk::Authenticator>("htpasswd", service_);
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        return sdk::whenApplied([this, next = Loaded(config)] { use(next); });
    }

    void stop() override {
        watch_.reset();
        registration_.revoke();
        verifier_.revoke();
    }

private:
    void use(const Loaded& loaded) {
        service_->setSettings(loaded.settings);
        service_->setUsers(loaded.users);
        watch_->follow(loaded.settings->file, loaded.stamp, loaded.settings->interval);
    }

    /// On the watch's thread.
    std::function<void()> load(const std::string& path) {
        try {
            return [this, path, users = UserFile::read(path)] {
                service_->setUsers(users);
                logger_->info(path + " has changed: " + std::to_string(users->size()) + " users");
            };
        } catch (const Poco::Exception& problem) {
            logger_->error(problem.message() + "; the users of before stay");
        } catch (const std::exception& problem) {
            logger_->error(path + ": " + problem.what() + "; the users of before stay");
        }
        return {};
    }

    std::unique_ptr<Loaded> loaded_;  // between configure() and start()
    sdk::Logger* logger_ = nullptr;
    std::shared_ptr<Htpasswd> service_;
    std::unique_ptr<common::FileWatch> watch_;
    sdk::Registration verifier_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(HtpasswdPlugin, "htpasswd", "1.0.0", sdk::RunLevel::auth)
