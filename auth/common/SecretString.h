// SecretString: a password, a token or a hash, in memory that is wiped when it is given back.
//
// Threads: constant after construction, so any.

#pragma once

#include <gnatsd/Plugin.h>

#include <cryptopp/secblock.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::auth::common {

class SecretString {
public:
    explicit SecretString(std::string_view text = {});

    bool empty() const noexcept { return text_.empty(); }
    std::string_view text() const noexcept {
        return {reinterpret_cast<const char*>(text_.data()), text_.size()};
    }

    /// Whether `given` is the same text. Cost: depends on the length of `given` alone, neither on
    /// the length of this secret nor on how much of it was right (AU-13).
    bool equals(std::string_view given) const;

private:
    // SecByteBlock does the same but cannot be moved.
    std::vector<CryptoPP::byte, CryptoPP::AllocatorWithCleanup<CryptoPP::byte>> text_;
    std::array<CryptoPP::byte, 32> digest_;
};

/// Overwrites the text in a way that the optimizer keeps, and empties it.
void wipe(std::string& text) noexcept;

/// The value of that key, or an empty secret. No copy of it stays behind.
SecretString readSecret(const sdk::Config& config, const std::string& key);

}  // namespace gnatsd::auth::common
