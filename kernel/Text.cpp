#include "kernel/Text.h"

#include "kernel/Utf8.h"

namespace gnatsd::kernel {

namespace {

void appendHex(std::string& out, char32_t value, unsigned digits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    while (digits > 0) {
        out += kDigits[(value >> (4U * --digits)) & 0xFU];
    }
}

void appendControl(std::string& out, char32_t value) {
    constexpr std::string_view kControls = "\a\b\t\n\v\f\r";
    constexpr std::string_view kLetters = "abtnvfr";
    const std::size_t index = kControls.find(static_cast<char>(value));
    out += '\\';
    if (index != std::string_view::npos) {
        out += kLetters[index];
        return;
    }
    out += 'x';
    appendHex(out, value, 2);
}

/// `quotes`: also those bytes that only matter inside quotes.
void appendEscaped(std::string& out, std::string_view bytes, bool quotes) {
    while (!bytes.empty()) {
        const CodePoint point = decodeUtf8(bytes);
        if (!point.valid) {
            out += "\\x";
            appendHex(out, static_cast<unsigned char>(bytes.front()), 2);
        } else if (quotes && (point.value == '"' || point.value == '\\')) {
            out += '\\';
            out += bytes.front();
        } else if (point.value < 0x20 || point.value == 0x7F) {
            appendControl(out, point.value);
        } else if (isPrintable(point.value)) {
            out += bytes.substr(0, point.size);
        } else {
            const bool wide = point.value > 0xFFFF;
            out += wide ? "\\U" : "\\u";
            appendHex(out, point.value, wide ? 8 : 4);
        }
        bytes.remove_prefix(point.size);
    }
}

}  // namespace

std::string quote(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + 2);
    out += '"';
    appendEscaped(out, bytes, true);
    out += '"';
    return out;
}

std::string snippet(std::string_view bytes, std::size_t limit) {
    return quote(bytes.substr(0, limit));
}

std::string escape(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    appendEscaped(out, bytes, true);
    return out;
}

std::string escapeControls(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    appendEscaped(out, bytes, false);
    return out;
}

}  // namespace gnatsd::kernel
