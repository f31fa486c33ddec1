// SigningKey: a new key pair that signs tokens, and its public half as an issuer publishes it.
// Made with OpenSSL alone; shares no code with plugins/oidc.
//
// Threads: confined.

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::tests {

class SigningKey {
public:
    /// Throw std::runtime_error when OpenSSL fails.
    static SigningKey rsa(unsigned bits = 2048);
    static SigningKey ec(const char* curve = "P-256");

    /// One entry of a JWKS file.
    std::string jwk(const std::string& id, const std::string& more = {}) const;

    /// In PEM, as one might take it for the secret of HS256.
    std::string publicText() const;

    /// The signature of RS256 or ES256, raw.
    std::string sign(std::string_view text) const;

    /// The whole token: both parts, which are JSON, and the signature.
    std::string token(const std::string& header, const std::string& claims) const;

private:
    struct Impl;
    explicit SigningKey(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

    std::shared_ptr<Impl> impl_;
};

std::string base64Url(std::string_view bytes);

/// HMAC with SHA-256, raw.
std::string hmac256(std::string_view secret, std::string_view text);

}  // namespace gnatsd::tests
