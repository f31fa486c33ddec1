#include "kernel/Utf8.h"

namespace gnatsd::kernel {

namespace {

constexpr char32_t kLastCodePoint = 0x10FFFF;

bool isSurrogate(char32_t value) noexcept {
    return value >= 0xD800 && value <= 0xDFFF;
}

/// How many bytes a sequence with this first byte has, 0 when none begins so.
std::size_t sequenceSize(unsigned char first) noexcept {
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

}  // namespace

CodePoint decodeUtf8(std::string_view bytes) noexcept {
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    constexpr unsigned kFirstByteMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const auto first = static_cast<unsigned char>(bytes.front());
    const std::size_t size = sequenceSize(first);
    if (size == 0 || size > bytes.size()) {
        return {};
    }
    char32_t value = first & kFirstByteMask[size];
    for (const char c : bytes.substr(1, size - 1)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) {
            return {};
        }
        value = (value << 6U) | (byte & 0x3FU);
    }
    if (value < kSmallest[size] || value > kLastCodePoint || isSurrogate(value)) {
        return {};
    }
    return {value, size, true};
}

void appendUtf8(std::string& out, char32_t value) {
    if (isSurrogate(value) || value > kLastCodePoint) {
        value = kReplacementChar;
    }
    const auto continuation = [value](unsigned shift) {
        return static_cast<char>(0x80U | ((value >> shift) & 0x3FU));
    };
    if (value < 0x80) {
        out += static_cast<char>(value);
    } else if (value < 0x800) {
        out += {static_cast<char>(0xC0U | (value >> 6U)), continuation(0)};
    } else if (value < 0x10000) {
        out += {static_cast<char>(0xE0U | (value >> 12U)), continuation(6), continuation(0)};
    } else {
        out += {static_cast<char>(0xF0U | (value >> 18U)), continuation(12), continuation(6),
                continuation(0)};
    }
}

}  // namespace gnatsd::kernel
