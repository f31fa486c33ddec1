#include "auth/nkey/PublicKey.h"

#include <cryptopp/xed25519.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace gnatsd::auth::nkey {

namespace {

using Byte = CryptoPP::byte;

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kStandard64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr Byte kUserPrefix = 20U << 3U;  // 'U' in base32
constexpr std::size_t kKeyText = 56;
constexpr std::size_t kRawKey = 35;  // prefix, key, checksum

/// Fills `bytes`, `bits` for each character; false for a character that is none of the alphabet
/// and for bits left over that are set.
bool decode(std::string_view text, std::string_view alphabet, unsigned bits,
            std::span<Byte> bytes) {
    std::uint32_t held = 0;
    unsigned count = 0;
    std::size_t next = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) {
            return false;
        }
        held = (held << bits) | static_cast<std::uint32_t>(value);
        count += bits;
        if (count >= 8) {
            count -= 8;
            if (next == bytes.size()) {
                return false;
            }
            bytes[next++] = static_cast<Byte>(held >> count);
            held &= (1U << count) - 1;
        }
    }
    return next == bytes.size() && held == 0;
}

/// Polynomial 0x1021, initial 0, not reflected.
std::uint16_t crc16(std::span<const Byte> bytes) {
    std::uint32_t sum = 0;
    for (const Byte byte : bytes) {
        sum ^= static_cast<std::uint32_t>(byte) << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            sum = (sum & 0x8000U) != 0 ? (sum << 1U) ^ 0x1021U : sum << 1U;
        }
        sum &= 0xffffU;
    }
    return static_cast<std::uint16_t>(sum);
}

}  // namespace

std::optional<PublicKey> PublicKey::parse(std::string_view text) {
    std::array<Byte, kRawKey> raw;
    if (text.size() != kKeyText || !decode(text, kBase32, 5, raw) || raw[0] != kUserPrefix) {
        return std::nullopt;
    }
    const std::size_t end = kRawKey - 2;
    const std::uint16_t sum = crc16(std::span(raw).first(end));
    if (raw[end] != (sum & 0xffU) || raw[end + 1] != sum >> 8U) {
        return std::nullopt;
    }
    PublicKey key;
    std::copy_n(raw.begin() + 1, key.bytes_.size(), key.bytes_.begin());
    return key;
}

bool PublicKey::verifies(const Signature& signature, std::string_view text) const {
    const CryptoPP::ed25519Verifier verifier(bytes_.data());
    return verifier.VerifyMessage(reinterpret_cast<const Byte*>(text.data()), text.size(),
                                  signature.data(), signature.size());
}

std::optional<Signature> parseSignature(std::string_view text) {
    constexpr std::size_t kUnpadded = 86;
    constexpr std::string_view kPadding = "==";
    Signature signature;
    const std::string_view digits = text.substr(0, kUnpadded);
    const bool isPadded = text.size() == kUnpadded + kPadding.size() && text.ends_with(kPadding);
    if (!isPadded && text.size() != kUnpadded) {
        return std::nullopt;
    }
    if (!decode(digits, isPadded ? kStandard64 : kUrl64, 6, signature)) {
        return std::nullopt;
    }
    return signature;
}

}  // namespace gnatsd::auth::nkey
