// An authenticator with nothing that could be left out: it lets in one user, without a password.

#include <gnatsd/Authenticator.h>
#include <gnatsd/Plugin.h>

#include <memory>
#include <string>
#include <utility>

using namespace gnatsd::sdk;

namespace {

class AllowList final : public Authenticator {
public:
    explicit AllowList(std::string name) : name_(std::move(name)) {}
    AuthResult authenticate(const ConnectRequest& request) const override {
        if (request.user.empty()) {
            return AuthResult::abstain();
        }
        return request.user == name_ ? AuthResult::accept(name_) : AuthResult::reject();
    }

private:
    const std::string name_;
};

class AllowListPlugin final : public Plugin {
public:
    void configure(const Config& config) override {
        service_ = std::make_shared<AllowList>(config.getString("allow"));
    }
    void start(PluginContext& context) override {
        registration_ = context.registry().provide<Authenticator>("allowlist", service_);
    }
    void stop() noexcept override { registration_.revoke(); }

private:
    std::shared_ptr<AllowList> service_;
    Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(AllowListPlugin, "allowlist", "1.0.0", RunLevel::auth)
