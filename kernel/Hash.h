// hashBytes: where in a table a subject or a token belongs. Pure, inline: it is on the way of
// every message.
//
// Subjects come from anybody, so placement must not be predictable: with a secret random seed,
// equal hashes cannot be prepared from outside. Values differ between processes and machines.
// Cost: about 2 ns for 8 bytes, 5 ns for 64.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gnatsd::kernel {

/// Both halves of the 128-bit product, folded: every input bit reaches every output bit.
inline std::uint64_t foldedProduct(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
#else
    constexpr std::uint64_t kLow = 0xffffffffU;
    const std::uint64_t low = (a & kLow) * (b & kLow);
    const std::uint64_t left = (a >> 32U) * (b & kLow);
    const std::uint64_t right = (a & kLow) * (b >> 32U);
    const std::uint64_t middle = (low >> 32U) + (left & kLow) + (right & kLow);
    const std::uint64_t high =
        (a >> 32U) * (b >> 32U) + (left >> 32U) + (right >> 32U) + (middle >> 32U);
    return ((middle << 32U) | (low & kLow)) ^ high;
#endif
}

namespace detail {

template <class Word>
std::uint64_t loadWord(const char* bytes) noexcept {
    Word word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

inline std::uint64_t loadUpTo3(const char* bytes, std::size_t size) noexcept {
    const auto byte = [bytes](std::size_t i) -> std::uint64_t {
        return static_cast<unsigned char>(bytes[i]);
    };
    return byte(0) | (byte(size / 2) << 8U) | (byte(size - 1) << 16U);
}

}  // namespace detail

inline std::uint64_t hashBytes(std::string_view bytes, std::uint64_t seed) noexcept {
    // Each factor of each product holds secret bits: a factor that is known outside could be made
    // zero there, and then the other one does not matter.
    const std::uint64_t key = seed * 0xd1342543de82ef95U + 0x6a09e667f3bcc909U;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t hash = seed ^ (left * 0x9e3779b97f4a7c15U);
    for (; left > 16; at += 16, left -= 16) {
        hash = foldedProduct(detail::loadWord<std::uint64_t>(at) ^ key,
                             detail::loadWord<std::uint64_t>(at + 8) ^ hash);
    }
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    if (left >= 8) {
        a = detail::loadWord<std::uint64_t>(at);
        b = detail::loadWord<std::uint64_t>(at + left - 8);
    } else if (left >= 4) {
        a = detail::loadWord<std::uint32_t>(at);
        b = detail::loadWord<std::uint32_t>(at + left - 4);
    } else if (left > 0) {
        a = detail::loadUpTo3(at, left);
    }
    return foldedProduct(foldedProduct(a ^ key, b ^ hash) ^ 0xa54ff53a5f1d36f1U,
                         std::rotl(key, 32));
}

}  // namespace gnatsd::kernel
