// CryptVerifier: checks bcrypt ($2a$ $2b$ $2y$), SHA-256 ($5$) and SHA-512 ($6$) crypt hashes with
// the system's libcrypt. A sample registers it behind all others, so that the plug-in bcrypt and
// the host's memory of verified secrets come first; without it samples would depend on the
// authorization block that loads bcrypt.
//
// Threads: any, several at once. verify() computes for as long as the hash's cost asks.

#pragma once

#include <gnatsd/PasswordVerifier.h>

#include <string>
#include <string_view>

namespace gnatsd::common {

class CryptVerifier final : public sdk::PasswordVerifier {
public:
    static constexpr int kRank = 1000;

    bool claims(std::string_view secret) const noexcept override;
    bool verify(std::string_view secret, std::string_view password) const override;
};

/// A hash that no password has and that costs as much as this one: checking it for a name that is
/// not known takes as long as for one that is. Requires: CryptVerifier claims `hash`.
std::string decoyOf(std::string_view hash);

}  // namespace gnatsd::common
