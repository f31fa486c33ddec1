#include "tests/auth/OpensslKey.h"

#include <openssl/evp.h>

#include <bitset>
#include <stdexcept>

namespace gnatsd::tests {

namespace {

using Bytes = std::basic_string<unsigned char>;

/// As a text of zeros and ones, taken apart again: slow, and made differently from what it tests.
std::string encode(const Bytes& bytes, const std::string& alphabet, std::size_t bits) {
    std::string digits;
    for (const unsigned char byte : bytes) {
        digits += std::bitset<8>(byte).to_string();
    }
    while (digits.size() % bits != 0) {
        digits += '0';
    }
    std::string text;
    for (std::size_t i = 0; i < digits.size(); i += bits) {
        text += alphabet[std::stoul(digits.substr(i, bits), nullptr, 2)];
    }
    return text;
}

/// Long division of the message by x^16 + x^12 + x^5 + 1.
unsigned checksum(const Bytes& bytes) {
    std::string message;
    for (const unsigned char byte : bytes) {
        message += std::bitset<8>(byte).to_string();
    }
    const std::string divisor = "10001000000100001";
    message += std::string(16, '0');
    for (std::size_t i = 0; i + divisor.size() <= message.size(); ++i) {
        for (std::size_t j = 0; message[i] == '1' && j < divisor.size(); ++j) {
            const std::size_t at = i + divisor.size() - 1 - j;  // the leading one goes last
            message[at] = message[at] == divisor[divisor.size() - 1 - j] ? '0' : '1';
        }
    }
    return static_cast<unsigned>(std::stoul(message.substr(message.size() - 16), nullptr, 2));
}

void require(bool isRight) {
    if (!isRight) {
        throw std::runtime_error("OpenSSL failed");
    }
}

}  // namespace

struct OpensslKey::Impl {
    EVP_PKEY* key = nullptr;
};

OpensslKey::OpensslKey() : impl_(std::make_unique<Impl>()) {
    impl_->key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    require(impl_->key != nullptr);
}

OpensslKey::~OpensslKey() {
    EVP_PKEY_free(impl_->key);
}

std::string OpensslKey::publicText() const {
    Bytes raw(32, 0);
    std::size_t size = raw.size();
    require(EVP_PKEY_get_raw_public_key(impl_->key, raw.data(), &size) == 1);
    raw.insert(raw.begin(), 0xa0);
    const unsigned sum = checksum(raw);
    raw += static_cast<unsigned char>(sum & 0xffU);
    raw += static_cast<unsigned char>(sum >> 8U);
    return encode(raw, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);
}

std::string OpensslKey::sign(std::string_view text) const {
    Bytes signature(64, 0);
    std::size_t size = signature.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool isSigned =
        EVP_DigestSignInit(context, nullptr, nullptr, nullptr, impl_->key) == 1 &&
        EVP_DigestSign(context, signature.data(), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    EVP_MD_CTX_free(context);
    require(isSigned);
    return encode(signature, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6);
}

}  // namespace gnatsd::tests
