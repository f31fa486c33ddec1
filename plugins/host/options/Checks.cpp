#include "plugins/host/options/Checks.h"

#include "kernel/Text.h"
#include "plugins/host/ListenAddress.h"
#include "plugins/host/options/Duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

namespace gnatsd::host::options {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr double kShortestLameDuck = 30;

bool parsePort(std::string_view text, int& port) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc() && stop == end && port >= -1 && port <= 65535;
}

/// Splits `host:port`; an IPv6 host stands in brackets. `port` is empty when there is none.
bool splitHostPort(std::string_view text, std::string_view& host, std::string_view& port) {
    if (!text.empty() && text.front() == '[') {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos || close == 1) {
            return false;
        }
        host = text.substr(1, close - 1);
        const std::string_view rest = text.substr(close + 1);
        port = rest.empty() ? rest : rest.substr(1);
        return rest.empty() || rest.front() == ':';
    }
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    return port.find(':') == std::string_view::npos;
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// False for a broken escape.
bool percentDecode(std::string_view text, std::string& result) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

bool parseUserInfo(std::string_view text, RouteUrl& url) {
    const std::size_t colon = text.find(':');
    url.hasUser = true;
    url.hasPassword = colon != std::string_view::npos;
    return percentDecode(text.substr(0, colon), url.user) &&
           (!url.hasPassword || percentDecode(text.substr(colon + 1), url.password));
}

std::uint16_t crc16(const std::uint8_t* bytes, std::size_t length) {
    unsigned crc = 0;
    for (std::size_t i = 0; i < length; ++i) {
        crc ^= static_cast<unsigned>(bytes[i]) << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ 0x1021U : crc << 1U;
        }
    }
    return static_cast<std::uint16_t>(crc);
}

}  // namespace

std::string checkServerName(const conf::Value& value) {
    return value.string()->find_first_of(kBlanks) == std::string::npos
               ? std::string()
               : "server name cannot contain spaces";
}

std::string checkClusterName(const conf::Value& value) {
    return value.string()->find_first_of(kBlanks) == std::string::npos
               ? std::string()
               : "cluster name cannot contain spaces";
}

std::string checkHostPort(const conf::Value& value) {
    const std::string& text = *value.string();
    std::string_view host;
    std::string_view portText;
    int port = 0;
    const bool right = splitHostPort(text, host, portText) && !host.empty() &&
                       host.find_first_of(kBlanks) == std::string_view::npos &&
                       (portText.empty() ? !text.ends_with(':') : parsePort(portText, port));
    return right ? std::string() : "expected host or host:port, got " + kernel::quote(text);
}

std::string checkListen(const conf::Value& value) {
    return ListenAddress::parseList(*value.string())
               ? std::string()
               : "expected HOST or HOST:PORT, separated by commas, got " +
                     kernel::quote(*value.string());
}

std::string checkLameDuckDuration(const conf::Value& value) {
    if (*value.real() >= kShortestLameDuck) {
        return {};
    }
    const auto given = std::chrono::duration<double>(*value.real());
    return "invalid lame_duck_duration of " +
           durationText(std::chrono::duration_cast<std::chrono::nanoseconds>(given)) +
           ", minimum is 30 seconds";
}

std::string checkLogFormat(const conf::Value& value) {
    const std::string& text = *value.string();
    return text == "text" || text == "json"
               ? std::string()
               : "expected text or json for \"log_format\", got " + kernel::quote(text);
}

std::string checkNotEmpty(const conf::Value& value) {
    return value.string()->empty() ? "a user and a token must not be empty" : std::string();
}

std::string cleanPath(std::string_view path) {
    std::vector<std::string_view> steps;
    while (!path.empty()) {
        const std::string_view step = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(step.size() + 1, path.size()));
        if (step == "..") {
            if (!steps.empty()) {
                steps.pop_back();
            }
        } else if (!step.empty() && step != ".") {
            steps.push_back(step);
        }
    }
    std::string clean;
    for (const std::string_view step : steps) {
        clean += '/';
        clean += step;
    }
    return clean.empty() ? "/" : clean;
}

std::optional<RouteUrl> parseRouteUrl(std::string_view text, std::string& why) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos || scheme == 0) {
        why = "no scheme, wanted nats://host:port";
        return std::nullopt;
    }
    std::string_view rest = text.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    RouteUrl url;
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        if (!parseUserInfo(rest.substr(0, at), url)) {
            why = "a wrong escape in the credentials";
            return std::nullopt;
        }
        rest.remove_prefix(at + 1);
    }
    std::string_view host;
    std::string_view port;
    if (!splitHostPort(rest, host, port) || host.find_first_of(kBlanks) != std::string_view::npos) {
        why = "no host and port";
        return std::nullopt;
    }
    url.host = host;
    if (port.empty()) {
        why = "address " + std::string(rest) + ": missing port in address";
        return std::nullopt;
    }
    if (!parsePort(port, url.port)) {
        why = "invalid port \":" + std::string(port) + "\" after host";
        return std::nullopt;
    }
    return url;
}

std::string withoutPassword(std::string_view url) {
    const std::size_t at = url.rfind('@');
    if (at == std::string_view::npos) {
        return std::string(url);
    }
    std::size_t first = url.find("://");
    first = first == std::string_view::npos || first > at ? 0 : first + 3;
    const std::size_t colon = url.find(':', first);
    // What stands alone before the @ may be a token.
    const std::size_t keep = colon == std::string_view::npos || colon > at ? first : colon + 1;
    return std::string(url.substr(0, keep)) + "xxxxx" + std::string(url.substr(at));
}

bool looksLikeBcrypt(std::string_view secret) noexcept {
    constexpr std::string_view kVariants = "abxy";
    return secret.size() >= 4 && secret.starts_with("$2") && secret[3] == '$' &&
           kVariants.find(secret[2]) != std::string_view::npos;
}

bool isPublicUserKey(std::string_view text) noexcept {
    constexpr std::size_t kLength = 56;
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    if (text.size() != kLength || text.front() != 'U') {
        return false;
    }
    std::array<std::uint8_t, kLength * 5 / 8> bytes{};
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t used = 0;
    for (const char c : text) {
        const std::size_t digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) {
            return false;
        }
        bits = (bits << 5U) | static_cast<std::uint32_t>(digit);
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes[used++] = static_cast<std::uint8_t>(bits >> count);
        }
    }
    const std::size_t sum = bytes.size() - 2;
    const auto wanted = static_cast<std::uint16_t>(bytes[sum] | (bytes[sum + 1] << 8U));
    return bytes[0] == 0xa0 && crc16(bytes.data(), sum) == wanted;
}

}  // namespace gnatsd::host::options
