// Checks passwords and tokens against bcrypt hashes. No settings of its own.

#include "auth/bcrypt/Bcrypt.h"
#include "auth/common/BcryptForm.h"
#include <gnatsd/PasswordVerifier.h>
#include <gnatsd/Plugin.h>

#include <memory>

using namespace gnatsd;

namespace {

class BcryptVerifier final : public sdk::PasswordVerifier {
public:
    bool claims(std::string_view secret) const noexcept override {
        return auth::common::looksLikeBcrypt(secret);
    }
    bool verify(std::string_view secret, std::string_view password) const override {
        return auth::bcrypt::verify(secret, password);
    }
};

class BcryptPlugin final : public sdk::Plugin {
public:
    void configure(const sdk::Config&) override {}

    void start(sdk::PluginContext& context) override {
        registration_ = context.registry().provide<sdk::PasswordVerifier>(
            "bcrypt", std::make_shared<BcryptVerifier>());
    }

    // It shares its block with others, whose settings may change.
    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config&) override {
        return sdk::nothingChanges();
    }

    void stop() override { registration_.revoke(); }

private:
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(BcryptPlugin, "bcrypt", GNATSD_VERSION, sdk::RunLevel::auth)
