// AuthenticatorPlugin: the life of a plug-in that is one Authenticator with settings that can be
// replaced while it runs. It is registered as long as its settings let anybody in.
//
// A Service derives from sdk::Authenticator and has: a type Settings; static kName and kRank; a
// constructor from the registry; static read(config) that answers shared settings or throws;
// static isEmpty(settings); static require(settings, check), which throws for secrets that nobody
// can check; set(settings).
//
// Threads: as for any plug-in, main; the service is asked on workers meanwhile.

#pragma once

#include "auth/common/PasswordCheck.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/Plugin.h>

#include <memory>
#include <utility>

namespace gnatsd::auth::common {

template <class Service>
class AuthenticatorPlugin : public sdk::Plugin {
public:
    using Settings = std::shared_ptr<const typename Service::Settings>;

    void configure(const sdk::Config& config) override { settings_ = Service::read(config); }

    void start(sdk::PluginContext& context) override {
        context_ = &context;
        Service::require(*settings_, check());
        service_ = std::make_shared<Service>(context.registry());
        use(std::move(settings_));
    }

    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        Settings next = Service::read(config);
        Service::require(*next, check());
        return sdk::whenApplied([this, next = std::move(next)] { use(next); });
    }

    void stop() override {
        registration_.revoke();
        isRegistered_ = false;
        service_.reset();
    }

protected:
    /// Requires: started.
    const Service& service() const noexcept { return *service_; }
    sdk::Logger& logger() noexcept { return context_->logger(); }
    PasswordCheck check() const { return PasswordCheck(context_->registry()); }

private:
    void use(Settings settings) {
        const bool isEmpty = Service::isEmpty(*settings);
        service_->set(std::move(settings));
        if (isEmpty == isRegistered_) {
            registration_.revoke();
            isRegistered_ = !isEmpty;
            if (isRegistered_) {
                registration_ = context_->registry().template provide<sdk::Authenticator>(
                    Service::kName, service_, Service::kRank);
            }
        }
    }

    Settings settings_;
    sdk::PluginContext* context_ = nullptr;
    std::shared_ptr<Service> service_;
    bool isRegistered_ = false;
    sdk::Registration registration_;
};

/// "I cannot say", with a reason for the log.
inline sdk::AuthResult abstain(std::string reason) {
    sdk::AuthResult result = sdk::AuthResult::abstain();
    result.reason = std::move(reason);
    return result;
}

}  // namespace gnatsd::auth::common
