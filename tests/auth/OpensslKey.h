// OpensslKey: an Ed25519 key pair that OpenSSL made, written as clients write it (AU-81, AU-83).
// Shares no code with auth/nkey.
//
// Threads: confined.

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::tests {

class OpensslKey {
public:
    /// A new random key. Throws std::runtime_error when OpenSSL fails.
    OpensslKey();
    ~OpensslKey();
    OpensslKey(const OpensslKey&) = delete;
    OpensslKey& operator=(const OpensslKey&) = delete;

    /// "U...", 56 characters.
    std::string publicText() const;

    /// URL base64 without padding.
    std::string sign(std::string_view text) const;

private:
    struct Impl;
    const std::unique_ptr<Impl> impl_;
};

}  // namespace gnatsd::tests
