#include "plugins/oidc/Token.h"

#include "plugins/common/JsonAccess.h"

#include <Poco/Exception.h>
#include <Poco/JWT/Serializer.h>
#include <Poco/JWT/Signer.h>
#include <openssl/err.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <optional>
#include <vector>

namespace gnatsd::oidc {

namespace {

using Poco::JSON::Object;

constexpr std::size_t kMostName = 64;
constexpr double kLatest = 9e9;          // seconds since 1970 that the clock can hold
constexpr std::size_t kEs256Chars = 86;  // two numbers of 32 bytes in base64url

using Clock = std::chrono::system_clock;

struct Refused {
    std::string reason;
    bool isKeyUnknown = false;
};

bool isBase64Url(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/// Null when it is none.
Object::Ptr headerOf(std::string_view token) {
    const std::size_t dot = token.find('.');
    if (dot == std::string_view::npos || dot == 0) {
        return {};
    }
    try {
        return Poco::JWT::Serializer::deserialize(std::string(token.substr(0, dot)));
    } catch (const std::exception&) {
        return {};
    }
}

std::string textAt(const Object& json, const std::string& name) {
    const Poco::Dynamic::Var value = json.get(name);
    return value.isString() ? value.extract<std::string>() : std::string();
}

std::string quoted(const std::string& name) {
    return "'" + name.substr(0, kMostName) + "'";
}

/// Seconds since 1970, which may have a fraction.
std::optional<double> timeAt(const Object& claims, const std::string& name) {
    if (!claims.has(name)) {
        return std::nullopt;
    }
    const Poco::Dynamic::Var value = claims.get(name);
    if (!value.isNumeric() || value.isBoolean()) {
        throw Refused{"claim " + name + " is no time"};
    }
    const auto time = value.convert<double>();
    if (!std::isfinite(time)) {
        throw Refused{"claim " + name + " is no time"};
    }
    return time;
}

const Key& keyFor(const Object& header, const KeySet& keys, const Settings& settings) {
    const std::string algorithm = textAt(header, "alg");
    if (!settings.algorithms.contains(algorithm)) {
        throw Refused{"algorithm " + quoted(algorithm) + " is not allowed"};
    }
    if (header.has("crit")) {
        throw Refused{"the token demands extensions"};
    }
    const std::string id = textAt(header, "kid");
    if (const Key* key = keys.find(id, algorithm)) {
        return *key;
    }
    if (id.empty()) {
        throw Refused{"the token names no key, and there is not exactly one for " + algorithm};
    }
    if (keys.knows(id)) {
        throw Refused{"another algorithm than that of key " + quoted(id)};
    }
    throw Refused{"unknown key " + quoted(id), true};
}

/// Answers the claims.
Object::Ptr verifySignature(const std::string& token, const Key& key) {
    if (key.ec && token.size() - token.rfind('.') - 1 != kEs256Chars) {
        throw Refused{"wrong signature"};
    }
    Poco::JWT::Signer signer;
    signer.setAlgorithms({key.algorithm}).setRSAKey(key.rsa).setECKey(key.ec);
    Object::Ptr claims;
    bool isRight = false;
    try {
        Poco::JWT::Token parsed;
        isRight = signer.tryVerify(token, parsed);
        claims = new Object(parsed.payload());
    } catch (const std::exception&) {
        isRight = false;  // the text of the exception may hold the token
    }
    ERR_clear_error();  // what OpenSSL left would be found by the next one on this thread
    if (!isRight) {
        throw Refused{"wrong signature"};
    }
    return claims;
}

void checkAudience(const Object& claims, const Settings& settings) {
    std::vector<std::string> audiences;
    try {
        audiences = common::readTexts(claims.get("aud"), "aud");
    } catch (const Poco::Exception&) {
        throw Refused{"the token has no audience"};
    }
    const bool isForUs =
        std::any_of(audiences.begin(), audiences.end(), [&](const std::string& one) {
            return std::find(settings.audiences.begin(), settings.audiences.end(), one) !=
                   settings.audiences.end();
        });
    if (!isForUs) {
        throw Refused{"the token is for another audience"};
    }
}

/// Answers when the token expires, with the skew.
Clock::time_point checkTimes(const Object& claims, const Settings& settings,
                             Clock::time_point now) {
    const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
    const auto skew = static_cast<double>(settings.skew.count());
    const std::optional<double> expires = timeAt(claims, "exp");
    if (!expires) {
        throw Refused{"the token never expires"};
    }
    if (seconds >= *expires + skew) {
        throw Refused{"the token has expired"};
    }
    const std::optional<double> notBefore = timeAt(claims, "nbf");
    if (notBefore && seconds + skew < *notBefore) {
        throw Refused{"the token is not valid yet"};
    }
    const std::chrono::duration<double> end(std::min(*expires + skew, kLatest));
    return Clock::time_point(std::chrono::duration_cast<Clock::duration>(end));
}

}  // namespace

bool looksLikeToken(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t last = text.rfind('.');
    // An unsigned token has an empty third part; it is a token to refuse.
    const bool hasForm =
        first != last && std::count(text.begin(), text.end(), '.') == 2 &&
        std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || isBase64Url(c); });
    if (!hasForm) {
        return false;
    }
    const Object::Ptr header = headerOf(text);
    return !header.isNull() && header->has("alg");
}

Verified verify(const std::string& token, const KeySet& keys, const Settings& settings,
                Clock::time_point now) {
    try {
        const Object::Ptr header = headerOf(token);
        if (header.isNull()) {
            throw Refused{"no token"};
        }
        const Object::Ptr claims = verifySignature(token, keyFor(*header, keys, settings));
        if (textAt(*claims, "iss") != settings.issuer) {
            throw Refused{"the token is of another issuer"};
        }
        checkAudience(*claims, settings);
        return {claims, {}, false, checkTimes(*claims, settings, now)};
    } catch (const Refused& refused) {
        return {{}, refused.reason, refused.isKeyUnknown, {}};
    }
}

}  // namespace gnatsd::oidc
