#include "plugins/host/options/FlagValue.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace gnatsd::host {

namespace {

struct Literal {
    int base = 10;
    bool prefixed = false;  // an underscore may follow the prefix at once
    std::string_view digits;
};

Literal split(std::string_view text) {
    if (text.size() < 2 || text[0] != '0') {
        return {10, false, text};
    }
    switch (text[1]) {
        case 'x':
        case 'X':
            return {16, true, text.substr(2)};
        case 'o':
        case 'O':
            return {8, true, text.substr(2)};
        case 'b':
        case 'B':
            return {2, true, text.substr(2)};
        default:
            return {8, true, text.substr(1)};
    }
}

// Drops underscores; false when one does not stand between two digits.
bool joinDigits(const Literal& literal, std::string& digits) {
    bool afterDigit = literal.prefixed;
    for (const char c : literal.digits) {
        if (c == '_') {
            if (!afterDigit) {
                return false;
            }
            afterDigit = false;
            continue;
        }
        digits += c;
        afterDigit = true;
    }
    return afterDigit && !digits.empty();
}

}  // namespace

Parsed parseInteger(std::string_view text, std::int64_t& value) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative || (!text.empty() && text.front() == '+')) {
        text.remove_prefix(1);
    }
    std::string digits;
    const Literal literal = split(text);
    // from_chars() would take a sign of its own after ours.
    if (!joinDigits(literal, digits) || digits.front() == '-') {
        return Parsed::syntax;
    }
    std::uint64_t magnitude = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, magnitude, literal.base);
    if (stop != end || error == std::errc::invalid_argument) {
        return Parsed::syntax;
    }
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (error == std::errc::result_out_of_range || magnitude > kMax + (negative ? 1U : 0U)) {
        return Parsed::range;
    }
    value = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
    return Parsed::ok;
}

std::optional<bool> parseBoolean(std::string_view text) {
    static constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "TRUE", "true", "True"};
    static constexpr std::array<std::string_view, 6> kFalse{"0",     "f",     "F",
                                                            "FALSE", "false", "False"};
    if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) {
        return true;
    }
    if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) {
        return false;
    }
    return std::nullopt;
}

}  // namespace gnatsd::host
