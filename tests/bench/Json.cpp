#include "tests/bench/Json.h"

#include <array>
#include <charconv>
#include <cmath>

namespace gnatsd::bench {

std::string jsonString(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.append(1, '\\').append(1, c);
        } else if (byte < 0x20) {
            out.append("\\u00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

JsonObject& JsonObject::addRaw(std::string_view name, std::string_view json) {
    if (!members_.empty()) {
        members_ += ',';
    }
    members_.append(jsonString(name)).append(1, ':').append(json);
    return *this;
}

JsonObject& JsonObject::add(std::string_view name, std::string_view value) {
    return addRaw(name, jsonString(value));
}

JsonObject& JsonObject::add(std::string_view name, double value) {
    std::array<char, 40> digits;
    constexpr int kDigits = 6;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                            std::chars_format::general, kDigits);
    if (!std::isfinite(value) || error != std::errc{}) {
        return addRaw(name, "null");
    }
    return addRaw(name, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonObject& JsonObject::add(std::string_view name, std::uint64_t value) {
    return addRaw(name, std::to_string(value));
}

JsonObject& JsonObject::add(std::string_view name, bool value) {
    return addRaw(name, value ? "true" : "false");
}

std::string jsonArray(const std::vector<std::string>& elements) {
    std::string out = "[";
    for (const std::string& element : elements) {
        out.append(out.size() > 1 ? "," : "").append(element);
    }
    return out + "]";
}

}  // namespace gnatsd::bench
