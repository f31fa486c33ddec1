// Offers StreamUpgrade: secures client connections as the `tls` blocks say. Certificates are read
// again at every reload and when their files change; new ones hold for connections that come later.
// The page `tlsz` tells for how many days they are still good.
//
// Configuration: the `tls` block, see TlsSettings.h; `listeners.N.name` and `listeners.N.tls`, N
// from 0: those of listeners that have their own.

#include "transports/tls/FileWatch.h"
#include "transports/tls/TlsContext.h"
#include "transports/tls/TlsSettings.h"
#include "transports/tls/Upgrade.h"
#include <gnatsd/Plugin.h>

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd;
using tls::ContextPtr;
using tls::Contexts;
using tls::FileWatch;
using tls::TlsContext;
using tls::TlsSettings;
using tls::Upgrade;

namespace {

constexpr int kExpiresSoon = 30;  // days

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

Contexts loadAll(const sdk::Config& config) {
    Contexts contexts;
    for (int i = 0;; ++i) {
        const std::string key = "listeners." + std::to_string(i);
        if (!config.has(key + ".name")) {
            break;
        }
        const Poco::AutoPtr<sdk::Config> block = config.createView(key + ".tls");
        contexts[config.getRawString(key + ".name")] = load(*block);
    }
    if (contexts.empty() || config.has("cert_file")) {
        contexts[""] = load(config);
    }
    return contexts;
}

class TlsPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override { loaded_ = loadAll(config); }

    void start(sdk::PluginContext& context) override {
        logger_ = &context.logger();
        upgrade_ = std::make_shared<Upgrade>(std::move(loaded_));
        registration_ = context.registry().provide<reactor::StreamUpgrade>("tls", upgrade_);
        statistics_ = context.registry().provide<sdk::StatsSource>("tlsz", upgrade_);
    }

    void open() override {
        tellExpiry();
        watch_ = std::make_unique<FileWatch>([this](FileWatch::Why why) {
            if (why == FileWatch::Why::daily) {
                renewTickets();
                tellExpiry();
            } else {
                readFilesAgain();
            }
        });
        watchFiles();
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        return sdk::whenApplied([this, next = loadAll(config)] {
            upgrade_->set(next);
            tellExpiry();
            watchFiles();
        });
    }

    void stop() override {
        watch_.reset();
        statistics_.revoke();
        registration_.revoke();
        upgrade_.reset();
    }

private:
    void watchFiles() {
        std::vector<std::string> files;
        for (const auto& [listener, context] : upgrade_->contexts()) {
            const TlsSettings& settings = context->settings();
            for (const std::string& file : {settings.certFile, settings.keyFile, settings.caFile}) {
                if (!file.empty()) {
                    files.push_back(file);
                }
            }
        }
        try {
            watch_->watch(files);
        } catch (const Poco::Exception& error) {
            logger_->warning("certificate files are not watched, a reload reads them again: " +
                             error.displayText());
        }
    }

    void readFilesAgain() {
        for (const auto& [listener, context] : upgrade_->contexts()) {
            if (TlsContext::readFiles(context->settings()) != context->fileContents() &&
                renew(listener, context)) {
                logger_->info("certificate files have changed, new connections get " +
                              context->settings().certFile);
                tellExpiry();
            }
        }
    }

    /// The keys of tickets go with their context.
    void renewTickets() {
        for (const auto& [listener, context] : upgrade_->contexts()) {
            if (context->settings().tickets) {
                renew(listener, context);
            }
        }
    }

    /// False: it stays, because its files are wrong or another has taken its place.
    bool renew(const std::string& listener, const ContextPtr& before) {
        try {
            return upgrade_->replace(listener, before, TlsContext::make(before->settings()));
        } catch (const Poco::Exception& error) {
            logger_->error("changed certificate files are not used: " + error.message());
            return false;
        }
    }

    void tellExpiry() {
        for (const auto& [listener, context] : upgrade_->contexts()) {
            const int days = context->daysLeft();
            const std::string certificate = "the certificate in " + context->settings().certFile;
            if (days < 0) {
                logger_->error(certificate + " has expired");
            } else if (days < kExpiresSoon) {
                logger_->warning(certificate + " expires in " + std::to_string(days) + " days");
            }
        }
    }

    Contexts loaded_;
    sdk::Logger* logger_ = nullptr;
    std::shared_ptr<Upgrade> upgrade_;
    std::unique_ptr<FileWatch> watch_;
    sdk::Registration registration_;
    sdk::Registration statistics_;
};

}  // namespace

GNATSD_PLUGIN(TlsPlugin, "tls", GNATSD_VERSION, sdk::RunLevel::auth)
