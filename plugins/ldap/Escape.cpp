#include "plugins/ldap/Escape.h"

namespace gnatsd::ldap {

namespace {

void appendHex(std::string& text, char c) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    text += '\\';
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
}

bool isControl(char c) noexcept {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

}  // namespace

std::string escapeForDn(std::string_view value) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool isEdge = i == 0 || i + 1 == value.size();
        if (isControl(c) || (c == ' ' && isEdge)) {
            appendHex(text, c);
            continue;
        }
        if (std::string_view("\"+,;<>\\=").find(c) != std::string_view::npos ||
            (c == '#' && i == 0)) {
            text += '\\';
        }
        text += c;
    }
    return text;
}

std::string escapeForFilter(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (isControl(c) || std::string_view("*()\\").find(c) != std::string_view::npos) {
            appendHex(text, c);
        } else {
            text += c;
        }
    }
    return text;
}

}  // namespace gnatsd::ldap
