#include "auth/common/SecretString.h"

#include <cryptopp/misc.h>
#include <cryptopp/sha.h>

namespace gnatsd::auth::common {

namespace {

const CryptoPP::byte* bytesOf(std::string_view text) noexcept {
    return reinterpret_cast<const CryptoPP::byte*>(text.data());
}

std::array<CryptoPP::byte, 32> digestOf(std::string_view text) {
    std::array<CryptoPP::byte, 32> digest;
    CryptoPP::SHA256().CalculateDigest(digest.data(), bytesOf(text), text.size());
    return digest;
}

}  // namespace

SecretString::SecretString(std::string_view text)
    : text_(bytesOf(text), bytesOf(text) + text.size()), digest_(digestOf(text)) {}

bool SecretString::equals(std::string_view given) const {
    const auto digest = digestOf(given);
    return CryptoPP::VerifyBufsEqual(digest.data(), digest_.data(), digest.size());
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
