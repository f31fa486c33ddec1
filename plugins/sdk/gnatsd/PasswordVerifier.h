// PasswordVerifier: checks passwords against one form of stored secret, such as bcrypt hashes.
// Authenticators ask the registry who claims a secret; what nobody claims is plain text.
//
// The host puts one of its own before all others: it remembers for a while what was verified, and
// is then fast. So take the first one, in rank order, that claims the secret.
//
// Threads: any, several at once. verify() may compute for a while.

#pragma once

#include <gnatsd/Cost.h>

#include <string_view>

namespace gnatsd::sdk {

class PasswordVerifier {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.PasswordVerifier/1";

    PasswordVerifier() = default;
    virtual ~PasswordVerifier() = default;
    PasswordVerifier(const PasswordVerifier&) = delete;
    PasswordVerifier& operator=(const PasswordVerifier&) = delete;

    /// Whether `secret` has the form that this verifier understands. Cheap.
    virtual bool claims(std::string_view secret) const noexcept = 0;

    /// Requires: claims(secret). Takes the same time for right and wrong passwords, and depends
    /// on nothing but the two.
    virtual bool verify(std::string_view secret, std::string_view password) const = 0;

    /// What verify() will take; an authenticator passes it on as its own cost. Cheap.
    virtual Cost cost(std::string_view secret, std::string_view password) const noexcept {
        static_cast<void>(secret);
        static_cast<void>(password);
        return Cost::slow;
    }
};

}  // namespace gnatsd::sdk
