// SecretString: a password, a token or a hash, in memory that is wiped when it is given back.
//
// Threads: constant after construction, so any.

#pragma once

#include <gnatsd/Plugin.h>

#include <cryptopp/secblock.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::auth::common {

class SecretString {
public:
    explicit SecretString(std::string_view text = {});

    bool empty() const noexcept { return size_ == 0; }
    std::string_view text() const noexcept { return {text_.data(), size_}; }

    /// Whether `given` is the same text. Cost: depends on the length of `given` alone, neither on
    /// the length of this secret nor on how much of it was right (AU-13).
    bool equals(std::string_view given) const noexcept;

private:
    // Filled up with zeros to a power of two, so that equals() need not look at the length.
    // SecByteBlock does the same as this vector but cannot be moved.
    std::vector<char, CryptoPP::AllocatorWithCleanup<char>> text_;
    std::size_t size_;
};

/// Overwrites the text in a way that the optimizer keeps, and empties it.
void wipe(std::string& text) noexcept;

/// The value of that key, or an empty secret. No copy of it stays behind.
SecretString readSecret(const sdk::Config& config, const std::string& key);

}  // namespace gnatsd::auth::common
