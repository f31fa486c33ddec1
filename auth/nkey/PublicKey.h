// PublicKey: the Ed25519 public key of a user, as it is written in configurations and CONNECT
// (AU-81), and the check of a signature.
//
// Threads: constant, so any.

#pragma once

#include <cryptopp/config_int.h>

#include <array>
#include <optional>
#include <string_view>

namespace gnatsd::auth::nkey {

using Signature = std::array<CryptoPP::byte, 64>;

class PublicKey {
public:
    /// Nothing for a text that is not a user's public key: 56 characters of base32 that begin with
    /// U and end with the checksum.
    static std::optional<PublicKey> parse(std::string_view text);

    /// Whether the owner of this key signed exactly `text`.
    bool verifies(const Signature& signature, std::string_view text) const;

private:
    std::array<CryptoPP::byte, 32> bytes_{};
};

/// URL base64 without padding, or standard base64 with it (AU-83).
std::optional<Signature> parseSignature(std::string_view text);

}  // namespace gnatsd::auth::nkey
