#include "plugins/oidc/KeySet.h"

#include "plugins/common/JsonAccess.h"

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <Poco/Crypto/EVPPKey.h>
#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/MemoryStream.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace gnatsd::oidc {

namespace {

using Poco::JSON::Object;

constexpr std::size_t kMostBytes = 1U << 20U;
constexpr std::size_t kMinimumRsaBytes = 2048 / 8;
constexpr std::size_t kMaximumRsaBytes = 16384 / 8;
constexpr std::size_t kP256Bytes = 32;

template <auto Free>
struct Freeing {
    template <class T>
    void operator()(T* pointer) const noexcept {
        Free(pointer);
    }
};
using BigNumber = std::unique_ptr<BIGNUM, Freeing<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freeing<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freeing<OSSL_PARAM_free>>;
using Maker = std::unique_ptr<EVP_PKEY_CTX, Freeing<EVP_PKEY_CTX_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;

[[noreturn]] void broken(const std::string& what) {
    ERR_clear_error();
    throw Poco::DataFormatException(what);
}

bool isBase64Url(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/// Empty when there is none.
std::string textAt(const Object& json, const std::string& name) {
    if (!json.has(name)) {
        return {};
    }
    const Poco::Dynamic::Var value = json.get(name);
    if (!value.isString()) {
        broken(name + " of a key is not a text");
    }
    return value.extract<std::string>();
}

std::string bytesAt(const Object& json, const std::string& name) {
    const std::string text = textAt(json, name);
    if (text.empty() || !std::all_of(text.begin(), text.end(), isBase64Url)) {
        broken(name + " of a key is missing or not base64url");
    }
    Poco::MemoryInputStream in(text.data(), static_cast<std::streamsize>(text.size()));
    Poco::Base64Decoder decoder(in, Poco::BASE64_URL_ENCODING | Poco::BASE64_NO_PADDING);
    return {std::istreambuf_iterator<char>(decoder), std::istreambuf_iterator<char>()};
}

const unsigned char* pointerTo(const std::string& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

BigNumber numberOf(const std::string& bytes) {
    return BigNumber(BN_bin2bn(pointerTo(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKey make(const char* kind, OSSL_PARAM_BLD* builder) {
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
    const Maker maker(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* made = nullptr;
    const bool isMade =
        parameters && maker && EVP_PKEY_fromdata_init(maker.get()) == 1 &&
        EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
    PublicKey key(made);
    const Maker check(isMade ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
    if (!check || EVP_PKEY_public_check(check.get()) != 1) {
        broken("a key is no valid " + std::string(kind) + " key");
    }
    return key;
}

PublicKey rsaKey(const std::string& modulus, const std::string& exponent) {
    const Builder builder(OSSL_PARAM_BLD_new());
    const BigNumber n = numberOf(modulus);
    const BigNumber e = numberOf(exponent);
    if (!builder || !n || !e ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        broken("a key cannot be used");
    }
    return make("RSA", builder.get());
}

PublicKey p256Key(const std::string& x, const std::string& y) {
    if (x.size() != kP256Bytes || y.size() != kP256Bytes) {
        broken("a P-256 key has coordinates of another length than 32 bytes");
    }
    const std::string point = '\x04' + x + y;  // uncompressed
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1",
                                        0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1) {
        broken("a key cannot be used");
    }
    return make("EC", builder.get());
}

bool isForSignatures(const Object& json, const std::string& algorithm) {
    const std::string use = textAt(json, "use");
    const std::string named = textAt(json, "alg");
    return (use.empty() || use == "sig") && (named.empty() || named == algorithm);
}

}  // namespace

std::shared_ptr<const KeySet> KeySet::read(const std::string& path) {
    const auto keys = std::make_shared<KeySet>();
    try {
        std::ifstream in(path, std::ios::binary);
        std::string text(kMostBytes + 1, '\0');
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(in.gcount()));
        if (text.empty() || text.size() > kMostBytes) {
            broken("cannot be read, is empty or larger than 1 MiB");
        }
        const Object::Ptr json = common::parseObject(text);
        const auto list = json->getArray("keys");
        if (list.isNull()) {
            broken("has no list \"keys\"");
        }
        for (unsigned i = 0; i < list->size(); ++i) {
            const Object::Ptr key = list->getObject(i);
            if (key.isNull()) {
                broken("has a key that is no object");
            }
            keys->add(*key);
        }
        if (keys->keys_.empty()) {
            broken("has no key for RS256 or ES256");
        }
    } catch (const Poco::DataFormatException& error) {
        throw Poco::DataFormatException(path + ": " + error.message());
    } catch (const Poco::Exception&) {
        throw Poco::DataFormatException(path + ": is no JSON object");
    }
    return keys;
}

const Key* KeySet::find(const std::string& id, const std::string& algorithm) const {
    const auto fits = [&](const Key& key) {
        return key.algorithm == algorithm && (id.empty() || key.id == id);
    };
    const auto found = std::find_if(keys_.begin(), keys_.end(), fits);
    if (found == keys_.end() || std::count_if(found, keys_.end(), fits) > 1) {
        return nullptr;
    }
    return &*found;
}

bool KeySet::knows(const std::string& id) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](const Key& key) { return key.id == id; });
}

void KeySet::add(const Object& json) {
    Key key;
    key.id = textAt(json, "kid");
    const std::string kind = textAt(json, "kty");
    if (kind == "RSA" && isForSignatures(json, "RS256")) {
        const std::string modulus = bytesAt(json, "n");
        if (modulus.size() > kMaximumRsaBytes) {
            broken("an RSA key is longer than 16384 bits");
        }
        const PublicKey made = rsaKey(modulus, bytesAt(json, "e"));
        if (static_cast<std::size_t>(EVP_PKEY_get_size(made.get())) < kMinimumRsaBytes) {
            broken("an RSA key is shorter than 2048 bits");
        }
        key.algorithm = "RS256";
        key.rsa = new Poco::Crypto::RSAKey(Poco::Crypto::EVPPKey(made.get()));
    } else if (kind == "EC" && textAt(json, "crv") == "P-256" && isForSignatures(json, "ES256")) {
        const PublicKey made = p256Key(bytesAt(json, "x"), bytesAt(json, "y"));
        key.algorithm = "ES256";
        key.ec = new Poco::Crypto::ECKey(Poco::Crypto::EVPPKey(made.get()));
    } else {
        return;
    }
    if (!key.id.empty() && knows(key.id)) {
        broken("has two keys of one kid");
    }
    keys_.push_back(std::move(key));
}

}  // namespace gnatsd::oidc
