#include "auth/userpass/DistinguishedName.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

namespace gnatsd::auth::userpass {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

int hexDigit(char c) {
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::size_t at = kHexDigits.find(lower);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// Takes what is behind a backslash: two digits, or the character itself.
char unescape(std::string_view& rest) {
    if (rest.size() >= 2 && hexDigit(rest[0]) >= 0 && hexDigit(rest[1]) >= 0) {
        const int code = hexDigit(rest[0]) * 16 + hexDigit(rest[1]);
        rest.remove_prefix(2);
        return static_cast<char>(code);
    }
    const char plain = rest.front();
    rest.remove_prefix(1);
    return plain;
}

/// Takes one part and the comma behind it; nothing when it is none.
std::optional<std::string> takePart(std::string_view& rest) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) {
        return {};
    }
    std::string part(trimmed(rest.substr(0, equals)));
    if (part.empty() || part.find_first_of(",\\\" ") != std::string::npos) {
        return {};
    }
    std::transform(part.begin(), part.end(), part.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    part += '=';
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    std::size_t keep = part.size();  // blanks behind this are only layout
    while (!rest.empty() && rest.front() != ',') {
        const bool isEscape = rest.front() == '\\';
        const char c = rest.front();
        rest.remove_prefix(1);
        if (isEscape && rest.empty()) {
            return {};
        }
        part += isEscape ? unescape(rest) : c;
        keep = isEscape || c != ' ' ? part.size() : keep;
    }
    rest.remove_prefix(rest.empty() ? 0 : 1);
    part.resize(keep);
    return part;
}

}  // namespace

std::string comparable(std::string_view name, Order order) {
    std::vector<std::string> parts;
    while (!name.empty()) {
        std::optional<std::string> part = takePart(name);
        if (!part) {
            return {};
        }
        parts.push_back(std::move(*part));
    }
    if (order == Order::any) {
        std::sort(parts.begin(), parts.end());
    }
    std::string text;
    for (const std::string& part : parts) {
        // With the size, so that no part can look like two.
        text += std::to_string(part.size()) + ":" + part;
    }
    return text;
}

}  // namespace gnatsd::auth::userpass
