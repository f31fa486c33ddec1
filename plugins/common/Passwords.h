// Passwords: compares passwords with stored hashes through whoever claims the hash. What nobody
// claims is no password: samples that read hashes take no plain text.
//
// Threads: any, several at once.
// Lifetime: the registry outlives it.

#pragma once

#include <gnatsd/PasswordVerifier.h>
#include <gnatsd/ServiceRegistry.h>

#include <memory>
#include <string_view>

namespace gnatsd::common {

class Passwords {
public:
    explicit Passwords(const sdk::ServiceRegistry& registry) : registry_(&registry) {}

    bool isHash(std::string_view secret) const { return claimant(secret) != nullptr; }

    /// False for a secret that nobody claims. Computes for a while.
    bool matches(std::string_view secret, std::string_view given) const;

    /// What matches() will take.
    sdk::Cost cost(std::string_view secret, std::string_view given) const;

private:
    std::shared_ptr<sdk::PasswordVerifier> claimant(std::string_view secret) const;

    const sdk::ServiceRegistry* registry_;  // never null
};

}  // namespace gnatsd::common
