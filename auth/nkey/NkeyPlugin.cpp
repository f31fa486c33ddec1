// Lets clients in that sign the nonce of their INFO with a private key whose public half is
// configured.
//
// Configuration: `users.N.nkey`, also below `accounts.N`. What else an entry may say is in
// auth/common/Access.h.

#include "auth/common/Access.h"
#include "auth/common/AuthenticatorPlugin.h"
#include "auth/common/UserEntries.h"
#include "auth/nkey/PublicKey.h"
#include <gnatsd/Current.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace gnatsd;
using auth::nkey::PublicKey;

namespace {

struct Owner {
    PublicKey key;
    auth::common::Access access;
};

class Nkey final : public sdk::Authenticator {
public:
    using Settings = std::map<std::string, Owner, std::less<>>;  // by public key
    static constexpr const char* kName = "nkey";
    static constexpr int kRank = 10;  // a CONNECT with an nkey is judged by it alone (AU-84)

    explicit Nkey(const sdk::ServiceRegistry&) {}

    static std::shared_ptr<const Settings> read(const sdk::Config& config);
    static bool isEmpty(const Settings& owners) { return owners.empty(); }
    static void require(const Settings&, const auth::common::PasswordCheck&) {}

    void set(std::shared_ptr<const Settings> owners) { owners_.set(std::move(owners)); }

    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override;

    sdk::Cost cost(const sdk::ConnectRequest&) const override { return sdk::Cost::fast; }

private:
    sdk::Current<Settings> owners_;
};

std::shared_ptr<const Nkey::Settings> Nkey::read(const sdk::Config& config) {
    auto owners = std::make_shared<Settings>();
    auth::common::forEachUser(config, [&](const auth::common::UserEntry& entry) {
        if (!entry.isNkey) {
            return;
        }
        const std::string place = entry.key + ".nkey";
        const std::optional<PublicKey> key = PublicKey::parse(entry.name);
        if (!key) {  // AU-80
            sdk::refuseSetting(config, place, "Not a valid public nkey for a user");
        }
        Owner owner{*key, auth::common::Access::read(config, entry)};
        if (!owners->try_emplace(entry.name, std::move(owner)).second) {
            sdk::refuseSetting(config, place,
                               "Duplicate user " + auth::common::quoted(entry.name) + " detected");
        }
    });
    return owners;
}

sdk::AuthResult Nkey::authenticate(const sdk::ConnectRequest& request) const {
    const std::shared_ptr<const Settings> owners = owners_.get();
    if (request.nkey.empty() || owners->empty()) {
        return sdk::AuthResult::abstain();
    }
    const auto found = owners->find(request.nkey);
    if (found == owners->end()) {
        return sdk::AuthResult::reject("unknown nkey");
    }
    if (request.signature.empty()) {
        return sdk::AuthResult::reject("Signature missing");  // AU-92
    }
    const auto signature = auth::nkey::parseSignature(request.signature);
    if (!signature) {
        return sdk::AuthResult::reject("Signature not valid base64");
    }
    const auto& [name, owner] = *found;
    if (request.nonce.empty() || !owner.key.verifies(*signature, request.nonce)) {
        return sdk::AuthResult::reject("Signature not verified");
    }
    return owner.access.grant(name, request);
}

class NkeyPlugin final : public auth::common::AuthenticatorPlugin<Nkey> {};

}  // namespace

GNATSD_PLUGIN(NkeyPlugin, "nkey", GNATSD_VERSION, sdk::RunLevel::auth)
