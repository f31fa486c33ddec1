#include "auth/common/PasswordCheck.h"

#include "auth/common/BcryptForm.h"

#include <Poco/Exception.h>

namespace gnatsd::auth::common {

void PasswordCheck::require(const SecretString& secret, const std::string& whose) const {
    if (!looksLikeBcrypt(secret.text())) {
        return;
    }
    if (!isWholeBcrypt(secret.text())) {
        throw Poco::InvalidArgumentException(whose +
                                             " begins like a bcrypt hash but is none; a hash has "
                                             "60 characters and a cost of 04 to 31");
    }
    if (!claimant(secret.text())) {
        throw Poco::InvalidArgumentException(
            whose + " is a bcrypt hash, and no plug-in that can check it is loaded (bcrypt)");
    }
}

bool PasswordCheck::isPlain(const SecretString& secret) const {
    return !secret.empty() && !looksLikeBcrypt(secret.text()) && !claimant(secret.text());
}

bool PasswordCheck::matches(const SecretString& secret, std::string_view given) const {
    if (const auto verifier = claimant(secret.text())) {
        return verifier->verify(secret.text(), given);
    }
    return !looksLikeBcrypt(secret.text()) && secret.equals(given);
}

sdk::Cost PasswordCheck::cost(const SecretString& secret, std::string_view given) const {
    const auto verifier = claimant(secret.text());
    return verifier ? verifier->cost(secret.text(), given) : sdk::Cost::fast;
}

std::shared_ptr<sdk::PasswordVerifier> PasswordCheck::claimant(std::string_view secret) const {
    for (const auto& reference : registry_->all<sdk::PasswordVerifier>()) {
        auto verifier = reference.lock();
        if (verifier && verifier->claims(secret)) {
            return verifier;
        }
    }
    return nullptr;
}

}  // namespace gnatsd::auth::common
