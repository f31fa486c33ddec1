#include "tests/plugins/samples/SigningKey.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <stdexcept>
#include <utility>

namespace gnatsd::tests {

namespace {

constexpr int kNumberBytes = 32;  // of P-256

void require(bool isRight) {
    if (!isRight) {
        throw std::runtime_error("OpenSSL failed");
    }
}

const unsigned char* bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytesOf(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

/// `size` 0: as long as it is.
std::string bytesOf(const BIGNUM* number, int size = 0) {
    std::string bytes(static_cast<std::size_t>(size == 0 ? BN_num_bytes(number) : size), '\0');
    require(BN_bn2binpad(number, bytesOf(bytes), static_cast<int>(bytes.size())) >= 0);
    return bytes;
}

std::string numberOf(const EVP_PKEY* key, const char* name, int size = 0) {
    BIGNUM* number = nullptr;
    require(EVP_PKEY_get_bn_param(key, name, &number) == 1);
    std::string bytes = bytesOf(number, size);
    BN_free(number);
    return bytes;
}

/// What JWT wants instead of ASN.1: both numbers, each with its leading zeros.
std::string rawOf(const std::string& der) {
    const unsigned char* at = bytesOf(der);
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    require(signature != nullptr);
    std::string raw = bytesOf(ECDSA_SIG_get0_r(signature), kNumberBytes) +
                      bytesOf(ECDSA_SIG_get0_s(signature), kNumberBytes);
    ECDSA_SIG_free(signature);
    return raw;
}

}  // namespace

struct SigningKey::Impl {
    explicit Impl(EVP_PKEY* made) : key(made) { require(key != nullptr); }
    ~Impl() { EVP_PKEY_free(key); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    EVP_PKEY* const key;
};

SigningKey SigningKey::rsa(unsigned bits) {
    return SigningKey(
        std::make_shared<Impl>(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits})));
}

SigningKey SigningKey::ec(const char* curve) {
    return SigningKey(std::make_shared<Impl>(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)));
}

std::string SigningKey::jwk(const std::string& id, const std::string& more) const {
    std::string parts;
    if (EVP_PKEY_is_a(impl_->key, "RSA") == 1) {
        parts = R"("kty":"RSA","n":")" + base64Url(numberOf(impl_->key, OSSL_PKEY_PARAM_RSA_N)) +
                R"(","e":")" + base64Url(numberOf(impl_->key, OSSL_PKEY_PARAM_RSA_E)) + "\"";
    } else {
        const auto number = [&](const char* name) {
            return base64Url(numberOf(impl_->key, name, kNumberBytes));
        };
        parts = R"("kty":"EC","crv":"P-256","x":")" + number(OSSL_PKEY_PARAM_EC_PUB_X) +
                R"(","y":")" + number(OSSL_PKEY_PARAM_EC_PUB_Y) + "\"";
    }
    return "{" + parts + (id.empty() ? "" : R"(,"kid":")" + id + "\"") + more + "}";
}

std::string SigningKey::publicText() const {
    BIO* out = BIO_new(BIO_s_mem());
    require(out != nullptr && PEM_write_bio_PUBKEY(out, impl_->key) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out, &text);
    std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(out);
    return pem;
}

std::string SigningKey::sign(std::string_view text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 0;
    require(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, impl_->key) == 1 &&
            EVP_DigestSign(context, nullptr, &size, bytesOf(text), text.size()) == 1);
    std::string signature(size, '\0');
    const bool isSigned =
        EVP_DigestSign(context, bytesOf(signature), &size, bytesOf(text), text.size()) == 1;
    EVP_MD_CTX_free(context);
    require(isSigned);
    signature.resize(size);
    return EVP_PKEY_is_a(impl_->key, "RSA") == 1 ? signature : rawOf(signature);
}

std::string SigningKey::token(const std::string& header, const std::string& claims) const {
    const std::string text = base64Url(header) + "." + base64Url(claims);
    return text + "." + base64Url(sign(text));
}

std::string base64Url(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(bytesOf(text), bytesOf(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    text.resize(text.find_last_not_of('=') + 1);
    for (char& c : text) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return text;
}

std::string hmac256(std::string_view secret, std::string_view text) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    require(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytesOf(text),
                 text.size(), bytesOf(digest), &size) != nullptr);
    digest.resize(size);
    return digest;
}

}  // namespace gnatsd::tests
