#include "plugins/common/Passwords.h"

namespace gnatsd::common {

bool Passwords::matches(std::string_view secret, std::string_view given) const {
    const auto verifier = claimant(secret);
    return verifier && verifier->verify(secret, given);
}

sdk::Cost Passwords::cost(std::string_view secret, std::string_view given) const {
    const auto verifier = claimant(secret);
    return verifier ? verifier->cost(secret, given) : sdk::Cost::fast;
}

std::shared_ptr<sdk::PasswordVerifier> Passwords::claimant(std::string_view secret) const {
    for (const auto& reference : registry_->all<sdk::PasswordVerifier>()) {
        auto verifier = reference.lock();
        if (verifier && verifier->claims(secret)) {
            return verifier;
        }
    }
    return nullptr;
}

}  // namespace gnatsd::common
