#include "auth/common/SecretString.h"

#include <cryptopp/misc.h>

#include <algorithm>
#include <bit>

namespace gnatsd::auth::common {

namespace {

constexpr std::size_t kSmallest = 64;  // a bcrypt hash has 60

}  // namespace

SecretString::SecretString(std::string_view text)
    : text_(std::bit_ceil(std::max(text.size(), kSmallest))), size_(text.size()) {
    std::copy(text.begin(), text.end(), text_.begin());
}

bool SecretString::equals(std::string_view given) const noexcept {
    const std::size_t mask = text_.size() - 1;
    volatile std::size_t different = given.size() ^ size_;
    for (std::size_t i = 0; i < given.size(); ++i) {
        different = different | static_cast<unsigned char>(given[i] ^ text_[i & mask]);
    }
    return different == 0;
}

void wipe(std::string& text) noexcept {
    CryptoPP::SecureWipeArray(text.data(), text.size());
    text.clear();
}

SecretString readSecret(const sdk::Config& config, const std::string& key) {
    std::string text = config.getRawString(key, std::string());
    SecretString secret(text);
    wipe(text);
    return secret;
}

}  // namespace gnatsd::auth::common
