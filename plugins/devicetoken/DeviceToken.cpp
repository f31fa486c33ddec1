#include "plugins/devicetoken/DeviceToken.h"

#include <Poco/Exception.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace gnatsd::devicetoken {

namespace {

constexpr std::size_t kMostId = 64;
constexpr std::size_t kMostDigits = 12;
constexpr std::size_t kHexLength = 64;
constexpr std::size_t kBase64Length = 43;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool isId(std::string_view id) noexcept {
    return !id.empty() && id.size() <= kMostId &&
           id.find_first_not_of(kBase64) == std::string_view::npos;
}

std::optional<std::chrono::seconds> timeOf(std::string_view text) noexcept {
    std::int64_t seconds = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, seconds);
    const bool isTime = error == std::errc() && stop == end && text.size() <= kMostDigits &&
                        text.front() >= '1' && text.front() <= '9';
    return isTime ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

std::optional<Mac> macFromHex(std::string_view text) noexcept {
    Mac mac{};
    for (std::size_t i = 0; i < mac.size(); ++i) {
        const char* pair = text.data() + 2 * i;
        const auto [stop, error] = std::from_chars(pair, pair + 2, mac[i], 16);
        if (error != std::errc() || stop != pair + 2) {
            return std::nullopt;
        }
    }
    return mac;
}

std::optional<Mac> macFromBase64(std::string_view text) noexcept {
    Mac mac{};
    std::uint32_t bits = 0;
    int held = 0;
    std::size_t size = 0;
    for (const char c : text) {
        const std::size_t value = kBase64.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            mac[size++] = static_cast<std::uint8_t>(bits >> static_cast<unsigned>(held) & 0xffU);
        }
    }
    // Bits behind the last byte are zero, else one MAC would have several texts.
    const bool isExact = (bits & ((1U << static_cast<unsigned>(held)) - 1U)) == 0;
    return isExact ? std::optional(mac) : std::nullopt;
}

std::optional<Mac> macFrom(std::string_view text) noexcept {
    if (text.size() == kHexLength) {
        return macFromHex(text);
    }
    return text.size() == kBase64Length ? macFromBase64(text) : std::nullopt;
}

}  // namespace

std::optional<DeviceToken> DeviceToken::parse(std::string_view text) {
    const std::size_t first = text.find(':');
    const std::size_t second = text.rfind(':');
    if (first == second || text.find(':', first + 1) != second || second - first < 2) {
        return std::nullopt;
    }
    const auto time = timeOf(text.substr(first + 1, second - first - 1));
    const auto mac = macFrom(text.substr(second + 1));
    if (!isId(text.substr(0, first)) || !time || !mac) {
        return std::nullopt;
    }
    return DeviceToken{text.substr(0, first), *time, text.substr(0, second), *mac};
}

Mac macOf(std::string_view secret, std::string_view text) {
    Mac mac{};
    unsigned size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (secret.size() > std::numeric_limits<int>::max() ||
        HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(),
             mac.data(), &size) == nullptr ||
        size != mac.size()) {
        throw Poco::RuntimeException("the library cannot compute HMAC-SHA256");
    }
    return mac;
}

bool sameMac(const Mac& a, const Mac& b) noexcept {
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace gnatsd::devicetoken
