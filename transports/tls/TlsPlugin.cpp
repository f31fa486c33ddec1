// Offers StreamUpgrade: secures client connections as the `tls` block says. Certificates are read
// again at every reload and when their files change; new ones hold for connections that come later.
//
// Configuration: the `tls` block; see TlsSettings.h.

#include "kernel/Mutex.h"
#include "transports/tls/FileWatch.h"
#include "transports/tls/TlsContext.h"
#include "transports/tls/TlsSettings.h"
#include <gnatsd/Plugin.h>

#include <Poco/Exception.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd;
using tls::FileWatch;
using tls::TlsContext;
using tls::TlsSettings;

namespace {

constexpr int kExpiresSoon = 30;  // days

using ContextPtr = std::shared_ptr<const TlsContext>;

/// The context in use.
class Upgrade final : public reactor::StreamUpgrade {
public:
    explicit Upgrade(ContextPtr context) : context_(std::move(context)) {}

    std::shared_ptr<const reactor::Security> security() const override { return context(); }

    ContextPtr context() const GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        return context_;
    }
    void set(ContextPtr next) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        context_ = std::move(next);
    }
    /// Unless another has taken the place of `before`.
    bool replace(const ContextPtr& before, ContextPtr next) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        const bool holds = context_ == before;
        if (holds) {
            context_ = std::move(next);
        }
        return holds;
    }

private:
    mutable kernel::Mutex mutex_;
    ContextPtr context_ GNATSD_GUARDED_BY(mutex_);
};

/// What a file is wrong with is shown where the configuration names it.
ContextPtr load(const sdk::Config& config) {
    const TlsSettings settings = TlsSettings::read(config);
    try {
        return TlsContext::make(settings);
    } catch (const Poco::Exception& error) {
        const std::string& text = error.message();
        for (const char* key : {"ca_file", "key_file", "cert_file"}) {
            if (config.has(key) && text.find(config.getRawString(key)) != std::string::npos) {
                sdk::refuseSetting(config, key, text);
            }
        }
        for (const char* key : {"curve_preferences", "cipher_suites"}) {
            if (text.find(key) != std::string::npos) {
                sdk::refuseSetting(config, key, text);
            }
        }
        throw;
    }
}

class TlsPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override { loaded_ = load(config); }

    void start(sdk::PluginContext& context) override {
        logger_ = &context.logger();
        upgrade_ = std::make_shared<Upgrade>(std::move(loaded_));
        registration_ = context.registry().provide<reactor::StreamUpgrade>("tls", upgrade_);
    }

    void open() override {
        tellExpiry();
        watch_ = std::make_unique<FileWatch>([this](FileWatch::Why why) {
            if (why == FileWatch::Why::daily) {
                tellExpiry();
            } else {
                readFilesAgain();
            }
        });
        watchFiles();
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        return sdk::whenApplied([this, next = load(config)] {
            upgrade_->set(next);
            tellExpiry();
            watchFiles();
        });
    }

    void stop() override {
        watch_.reset();
        registration_.revoke();
        upgrade_.reset();
    }

private:
    void watchFiles() {
        const TlsSettings& settings = upgrade_->context()->settings();
        std::vector<std::string> files{settings.certFile, settings.keyFile};
        if (!settings.caFile.empty()) {
            files.push_back(settings.caFile);
        }
        try {
            watch_->watch(files);
        } catch (const Poco::Exception& error) {
            logger_->warning("certificate files are not watched, a reload reads them again: " +
                             error.displayText());
        }
    }

    void readFilesAgain() {
        const ContextPtr before = upgrade_->context();
        if (TlsContext::readFiles(before->settings()) == before->fileContents()) {
            return;
        }
        try {
            if (upgrade_->replace(before, TlsContext::make(before->settings()))) {
                logger_->info("certificate files have changed, new connections get " +
                              before->settings().certFile);
                tellExpiry();
            }
        } catch (const Poco::Exception& error) {
            logger_->error("changed certificate files are not used: " + error.message());
        }
    }

    void tellExpiry() {
        const ContextPtr context = upgrade_->context();
        const int days = context->daysLeft();
        const std::string certificate = "the certificate in " + context->settings().certFile;
        if (days < 0) {
            logger_->error(certificate + " has expired");
        } else if (days < kExpiresSoon) {
            logger_->warning(certificate + " expires in " + std::to_string(days) + " days");
        }
    }

    ContextPtr loaded_;
    sdk::Logger* logger_ = nullptr;
    std::shared_ptr<Upgrade> upgrade_;
    std::unique_ptr<FileWatch> watch_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(TlsPlugin, "tls", GNATSD_VERSION, sdk::RunLevel::auth)
