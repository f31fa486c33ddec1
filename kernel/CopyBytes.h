// copyBytes: memcpy for the short, variable sizes of subjects, sids and small payloads.
//
// Cost: two overlapping moves up to 64 bytes instead of a library call. Never reads or writes
// outside [from, from+size) and [to, to+size). The ranges must not overlap.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace gnatsd::kernel {

inline void copyBytes(char* to, const char* from, std::size_t size) noexcept {
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

/// Copies and answers the place behind the copy.
inline char* putBytes(char* to, const char* from, std::size_t size) noexcept {
    copyBytes(to, from, size);
    return to + size;
}

}  // namespace gnatsd::kernel
