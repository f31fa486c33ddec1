// Utf8: one code point at a time, with the strictness of RFC 3629. Pure functions.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gnatsd::kernel {

/// What stands in the text for bytes that are not UTF-8.
inline constexpr char32_t kReplacementChar = 0xFFFD;

struct CodePoint {
    char32_t value = kReplacementChar;
    std::size_t size = 1;
    bool valid = false;
};

/// The code point at the front of `bytes`. Bytes that are not UTF-8 (overlong forms, surrogates and
/// cut sequences included) answer `valid` false and are one byte wide each.
/// Requires: `bytes` is not empty.
CodePoint decodeUtf8(std::string_view bytes) noexcept;

/// Appends `value` in UTF-8; a surrogate or a value above U+10FFFF becomes kReplacementChar.
void appendUtf8(std::string& out, char32_t value);

/// Whether Unicode 13 calls it a letter, mark, number, punctuation or symbol, or it is U+0020.
bool isPrintable(char32_t value) noexcept;

}  // namespace gnatsd::kernel
