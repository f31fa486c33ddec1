// Asks a service of yours over HTTP who a client is.
//
//     plugins {
//       load: [callout]
//       callout {
//         url: "https://auth.example.com/nats"   http:// or https://
//         ca_file: "/etc/gnatsd/ca.pem"          https only; default: the system's certificates
//         bearer: "SECRET"                       sent as Authorization: Bearer; default: nothing
//         timeout: 1s                            of one call with all its steps
//         connections: 4                         calls at once, each with a thread
//         queue: 8192                            calls that wait
//         cache_ttl: 10s                         how long an answer counts; 0: once
//         cache_size: 10000                      answers
//         on_error: refuse                       or abstain: leave it to other authenticators
//         rank: 50                               those of the file (10 to 30) are asked before
//       }
//     }
//
// README.md has what is sent and what to answer. A duration without a unit is in seconds.
// Threads: one for each connection and one that watches the time; authenticate() never waits.

#include "plugins/callout/Service.h"
#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/Plugin.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

using namespace gnatsd;
using callout::Service;
using callout::Settings;

namespace {

class Callout final : public sdk::AsyncAuthenticator {
public:
    explicit Callout(std::shared_ptr<Service> service) : service_(std::move(service)) {}

    void authenticate(const sdk::ConnectRequest& request, sdk::AuthReply reply) const override {
        if (!callout::hasCredentials(request)) {
            reply(sdk::AuthResult::abstain("no credentials that a service could judge"));
            return;
        }
        service()->ask(request, reply);
    }

    std::shared_ptr<Service> service() const {
        const std::scoped_lock lock(mutex_);
        return service_;
    }

    std::shared_ptr<Service> exchange(std::shared_ptr<Service> next) {
        const std::scoped_lock lock(mutex_);
        service_.swap(next);
        return next;
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<Service> service_;
};

class CalloutPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config& config) override { settings_ = Settings::read(config); }

    void start(sdk::PluginContext& context) override {
        logger_ = &context.logger();
        callout_ = std::make_shared<Callout>(started(settings_));
        try {
            registration_ = context.registry().provide<sdk::AsyncAuthenticator>("callout", callout_,
                                                                                settings_->rank);
        } catch (...) {
            callout_->service()->stop();
            throw;
        }
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        const std::shared_ptr<const Settings> next = Settings::read(config);
        if (next->equals(*settings_)) {
            return sdk::nothingChanges();
        }
        if (next->rank != settings_->rank) {
            sdk::refuseSetting(config, "rank", "another rank needs a restart");
        }
        return std::make_unique<Change>(*this, started(next));
    }

    void stop() override {
        registration_.revoke();
        callout_->service()->stop();
        for (const std::shared_ptr<Service>& service : retired_) {
            service->stop();
        }
        retired_.clear();
    }

private:
    /// A service that is ready to take over. Ends it if it never does.
    class Change final : public sdk::Reconfiguration {
    public:
        Change(CalloutPlugin& plugin, std::shared_ptr<Service> next)
            : plugin_(plugin), next_(std::move(next)) {}
        ~Change() override {
            if (next_) {
                next_->stop();
            }
        }
        void apply() noexcept override { plugin_.use(std::move(next_)); }

    private:
        CalloutPlugin& plugin_;
        std::shared_ptr<Service> next_;
    };

    std::shared_ptr<Service> started(const std::shared_ptr<const Settings>& settings) {
        auto service = std::make_shared<Service>(settings, *logger_);
        service->start();
        return service;
    }

    /// What was asked before keeps its service for the answer.
    void use(std::shared_ptr<Service> next) {
        for (const std::shared_ptr<Service>& service : std::exchange(retired_, {})) {
            service->stop();
        }
        settings_ = next->settings();
        retired_.push_back(callout_->exchange(std::move(next)));
        retired_.back()->retire();
    }

    std::shared_ptr<const Settings> settings_;
    sdk::Logger* logger_ = nullptr;
    std::shared_ptr<Callout> callout_;
    std::vector<std::shared_ptr<Service>> retired_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(CalloutPlugin, "callout", "1.0.0", sdk::RunLevel::auth)
