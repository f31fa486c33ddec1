// DeviceToken: a proof that somebody who knows a secret has named this device at this time.
//
//     ID:TIME:MAC       MAC = HMAC-SHA256(secret, "ID:TIME")
//
// ID has 1 to 64 letters, digits, - and _, so that it is one token of a subject; TIME is the Unix
// time in seconds, decimal, without zeros in front; MAC is in hexadecimal digits (64) or in
// base64url without padding (43). As both parts are free of colons, no two pairs of ID and TIME
// have the same text.
//
// Threads: values and pure functions.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gnatsd::devicetoken {

using Mac = std::array<std::uint8_t, 32>;

struct DeviceToken {
    /// Nothing for a text that has another form. The views are into `text`.
    static std::optional<DeviceToken> parse(std::string_view text);

    std::string_view id;
    std::chrono::seconds time{0};  // since 1970
    std::string_view signedText;   // "ID:TIME"
    Mac mac{};
};

/// HMAC-SHA256 (RFC 2104, RFC 4231).
Mac macOf(std::string_view secret, std::string_view text);

/// Cost: the same wherever they differ.
bool sameMac(const Mac& a, const Mac& b) noexcept;

}  // namespace gnatsd::devicetoken
