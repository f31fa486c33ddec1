// PasswordCheck: compares what a client sent with a stored secret. A secret that a registered
// PasswordVerifier claims is a hash and goes there; all others are plain text.
//
// Threads: any, several at once. matches() computes for a while when a verifier does.
// Lifetime: the registry outlives it.

#pragma once

#include "auth/common/SecretString.h"
#include <gnatsd/PasswordVerifier.h>
#include <gnatsd/ServiceRegistry.h>

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::auth::common {

class PasswordCheck {
public:
    explicit PasswordCheck(const sdk::ServiceRegistry& registry) : registry_(&registry) {}

    /// Throws Poco::InvalidArgumentException when the secret is a bcrypt hash that is damaged or
    /// that nobody can check. `whose` is for the text: `password of user "bob"`.
    void require(const SecretString& secret, const std::string& whose) const;

    bool isPlain(const SecretString& secret) const;

    /// False for a bcrypt hash that nobody claims: it is no password (AU-12).
    bool matches(const SecretString& secret, std::string_view given) const;

    /// What matches() will take.
    sdk::Cost cost(const SecretString& secret, std::string_view given) const;

private:
    std::shared_ptr<sdk::PasswordVerifier> claimant(std::string_view secret) const;

    const sdk::ServiceRegistry* registry_;  // never null
};

}  // namespace gnatsd::auth::common
