// copyBytes, sameBytes: memcpy and memcmp for the short, variable sizes of subjects, sids and small
// payloads.
//
// Cost: two overlapping moves up to 64 bytes instead of a library call. Never reads or writes
// outside the ranges given. The ranges of a copy must not overlap.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace gnatsd::kernel {

// Always, because whether the compiler would do so otherwise depends on code far away from here.
[[gnu::always_inline]] inline void copyBytes(char* to, const char* from,
                                             std::size_t size) noexcept {
    // Fixed-size memcpy calls become single moves; the second of each pair overlaps the first.
    if (size <= 16) {
        if (size >= 8) {
            std::memcpy(to, from, 8);
            std::memcpy(to + size - 8, from + size - 8, 8);
        } else if (size >= 4) {
            std::memcpy(to, from, 4);
            std::memcpy(to + size - 4, from + size - 4, 4);
        } else if (size > 0) {
            to[0] = from[0];
            to[size / 2] = from[size / 2];
            to[size - 1] = from[size - 1];
        }
        return;
    }
    if (size <= 32) {
        std::memcpy(to, from, 16);
        std::memcpy(to + size - 16, from + size - 16, 16);
        return;
    }
    if (size <= 64) {
        std::memcpy(to, from, 32);
        std::memcpy(to + size - 32, from + size - 32, 32);
        return;
    }
    std::memcpy(to, from, size);
}

/// Whether two ranges of the same size are equal.
inline bool sameBytes(const char* a, const char* b, std::size_t size) noexcept {
    const auto differ = [a, b](std::size_t at) {
        std::uint64_t left = 0;
        std::uint64_t right = 0;
        std::memcpy(&left, a + at, 8);
        std::memcpy(&right, b + at, 8);
        return left ^ right;
    };
    if (size > 32) {
        return std::memcmp(a, b, size) == 0;
    }
    if (size >= 16) {
        return (differ(0) | differ(8) | differ(size - 16) | differ(size - 8)) == 0;
    }
    if (size >= 8) {
        return (differ(0) | differ(size - 8)) == 0;
    }
    if (size >= 4) {
        std::uint32_t words[4];
        std::memcpy(&words[0], a, 4);
        std::memcpy(&words[1], b, 4);
        std::memcpy(&words[2], a + size - 4, 4);
        std::memcpy(&words[3], b + size - 4, 4);
        return ((words[0] ^ words[1]) | (words[2] ^ words[3])) == 0;
    }
    return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

/// Copies and answers the place behind the copy.
inline char* putBytes(char* to, const char* from, std::size_t size) noexcept {
    copyBytes(to, from, size);
    return to + size;
}

}  // namespace gnatsd::kernel
