// What a bcrypt hash looks like, for those who must know one without being able to check it.
//
// Threads: any.

#pragma once

#include <string_view>

namespace gnatsd::auth::common {

/// `$2a$`, `$2b$`, `$2x$` or `$2y$`, two digits and `$`: meant as a hash (AU-12, OPT-70).
constexpr bool looksLikeBcrypt(std::string_view text) noexcept {
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() >= 7 && text.substr(0, 2) == "$2" &&
           std::string_view("abxy").find(text[2]) != std::string_view::npos && text[3] == '$' &&
           isDigit(text[4]) && isDigit(text[5]) && text[6] == '$';
}

/// A hash with nothing missing: cost 4 to 31, then 53 characters of salt and sum.
constexpr bool isWholeBcrypt(std::string_view text) noexcept {
    constexpr std::string_view kAlphabet =
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    if (!looksLikeBcrypt(text) || text.size() != 60) {
        return false;
    }
    const int cost = (text[4] - '0') * 10 + (text[5] - '0');
    return cost >= 4 && cost <= 31 &&
           text.find_first_not_of(kAlphabet, 7) == std::string_view::npos;
}

}  // namespace gnatsd::auth::common
