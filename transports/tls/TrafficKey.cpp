#include "transports/tls/TrafficKey.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace gnatsd::tls {

namespace {

unsigned char* bytesOf(char* text) noexcept {
    return reinterpret_cast<unsigned char*>(text);
}

const unsigned char* bytesOf(const char* text) noexcept {
    return reinterpret_cast<const unsigned char*>(text);
}

}  // namespace

Secret::~Secret() {
    OPENSSL_cleanse(bytes.data(), bytes.size());
}

struct TrafficKey::Suite {
    std::uint16_t id;
    const EVP_CIPHER* cipher;
    const EVP_MD* digest;
};

/// Those of tls13Suites(), fetched once and never given back.
const TrafficKey::Suite* TrafficKey::find(std::uint16_t id) noexcept {
    static const std::array<Suite, 3> kSuites{{
        {0x1301, EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr),
         EVP_MD_fetch(nullptr, "SHA256", nullptr)},
        {0x1302, EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr),
         EVP_MD_fetch(nullptr, "SHA384", nullptr)},
        {0x1303, EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr),
         EVP_MD_fetch(nullptr, "SHA256", nullptr)},
    }};
    const auto* const found = std::find_if(kSuites.begin(), kSuites.end(),
                                           [id](const Suite& suite) { return suite.id == id; });
    const bool isThere =
        found != kSuites.end() && found->cipher != nullptr && found->digest != nullptr;
    return isThere ? found : nullptr;
}

bool TrafficKey::begin(std::uint16_t suite, const Secret& secret, std::uint64_t records) noexcept {
    suite_ = find(suite);
    if (suite_ == nullptr ||
        secret.size != static_cast<std::size_t>(EVP_MD_get_size(suite_->digest))) {
        return false;
    }
    secret_ = secret;
    context_.reset(EVP_CIPHER_CTX_new());
    if (context_ == nullptr || !setKey()) {
        return false;
    }
    records_ = records;
    return true;
}

bool TrafficKey::update() noexcept {
    Secret next;
    next.size = secret_.size;
    if (!derive(secret_, "traffic upd", std::span(next.bytes).first(next.size))) {
        return false;
    }
    secret_ = next;
    records_ = 0;
    return setKey();
}

/// HKDF-Expand-Label without context. All that is wanted here is shorter than a digest, so the
/// first block of the expansion is all of it.
bool TrafficKey::derive(const Secret& secret, std::string_view label,
                        std::span<unsigned char> out) noexcept {
    constexpr std::string_view kPrefix = "tls13 ";
    std::array<unsigned char, 32> info{};
    std::size_t size = 0;
    info[size++] = 0;
    info[size++] = static_cast<unsigned char>(out.size());
    info[size++] = static_cast<unsigned char>(kPrefix.size() + label.size());
    for (const std::string_view text : {kPrefix, label}) {
        std::memcpy(info.data() + size, text.data(), text.size());
        size += text.size();
    }
    info[size++] = 0;  // the context's length
    info[size++] = 1;  // the block's number
    std::array<unsigned char, EVP_MAX_MD_SIZE> block{};
    const bool done = HMAC(suite_->digest, secret.bytes.data(), static_cast<int>(secret.size),
                           info.data(), size, block.data(), nullptr) != nullptr;
    std::copy_n(block.begin(), out.size(), out.begin());
    OPENSSL_cleanse(block.data(), block.size());
    return done;
}

bool TrafficKey::setKey() noexcept {
    std::array<unsigned char, EVP_MAX_KEY_LENGTH> key{};
    const auto size = static_cast<std::size_t>(EVP_CIPHER_get_key_length(suite_->cipher));
    const bool done = derive(secret_, "key", std::span(key).first(size)) &&
                      derive(secret_, "iv", iv_) &&
                      EVP_CipherInit_ex(context_.get(), suite_->cipher, nullptr, key.data(),
                                        iv_.data(), use_ == Use::seal ? 1 : 0) == 1;
    OPENSSL_cleanse(key.data(), key.size());
    return done;
}

/// No nonce is used twice: the number of the record is in it, and only grows.
bool TrafficKey::nextNonce() noexcept {
    std::array<unsigned char, 12> nonce = iv_;
    std::uint64_t number = records_++;
    for (std::size_t i = nonce.size(); i-- > nonce.size() - sizeof number; number >>= 8U) {
        nonce[i] ^= static_cast<unsigned char>(number & 0xFFU);
    }
    return EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, nonce.data(), -1) == 1;
}

std::size_t TrafficKey::seal(unsigned char type, std::span<const char> bytes, char* out) noexcept {
    const std::size_t length = bytes.size() + 1 + kTag;
    unsigned char* const header = bytesOf(out);
    header[0] = 23;  // from outside every record is one of data
    header[1] = 3;
    header[2] = 3;
    header[3] = static_cast<unsigned char>(length >> 8U);
    header[4] = static_cast<unsigned char>(length & 0xFFU);
    EVP_CIPHER_CTX* const context = context_.get();
    unsigned char* const body = header + kHeader;
    int done = 0;
    const bool isMade =
        nextNonce() && EVP_CipherUpdate(context, nullptr, &done, header, kHeader) == 1 &&
        EVP_CipherUpdate(context, body, &done, bytesOf(bytes.data()),
                         static_cast<int>(bytes.size())) == 1 &&
        EVP_CipherUpdate(context, body + bytes.size(), &done, &type, 1) == 1 &&
        EVP_CipherFinal_ex(context, body + bytes.size() + 1, &done) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTag, body + bytes.size() + 1) == 1;
    return isMade ? kHeader + length : 0;
}

bool TrafficKey::open(std::span<const char> header, std::span<char> body, char* out) noexcept {
    EVP_CIPHER_CTX* const context = context_.get();
    const std::size_t size = body.size() - kTag;
    int done = 0;
    const bool isGood =
        nextNonce() &&
        EVP_CipherUpdate(context, nullptr, &done, bytesOf(header.data()), kHeader) == 1 &&
        EVP_CipherUpdate(context, bytesOf(out), &done, bytesOf(body.data()),
                         static_cast<int>(size)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTag, body.data() + size) == 1 &&
        EVP_CipherFinal_ex(context, bytesOf(out) + size, &done) == 1;
    if (!isGood) {
        ERR_clear_error();
    }
    return isGood;
}

}  // namespace gnatsd::tls
