#include "kernel/ServerInfo.h"

#include "kernel/Random.h"
#include "kernel/Utf8.h"

#include <array>
#include <span>

namespace gnatsd::kernel {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

constexpr std::size_t kKeySize = 32;
constexpr std::uint8_t kServerPrefix = 13U << 3U;  // makes the first base32 character an N

/// Appends a JSON string. CR and LF never stand in it as such (CP-26).
void appendString(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const CodePoint point = decodeUtf8(text);
        if (point.value == '"' || point.value == '\\') {
            out += '\\';
        }
        if (point.value < 0x20) {
            out += "\\u00";
            out += kHexDigits[point.value >> 4U];
            out += kHexDigits[point.value & 0xFU];
        } else {
            appendUtf8(out, point.value);
        }
        text.remove_prefix(point.size);
    }
    out += '"';
}

void appendKey(std::string& out, std::string_view key) {
    if (out.back() != '{') {
        out += ',';
    }
    out += '"';
    out += key;
    out += "\":";
}

void add(std::string& out, std::string_view key, std::string_view value) {
    appendKey(out, key);
    appendString(out, value);
}

void addFlag(std::string& out, std::string_view key, bool value) {
    appendKey(out, key);
    out += value ? "true" : "false";
}

void addNumber(std::string& out, std::string_view key, std::uint64_t value) {
    appendKey(out, key);
    out += std::to_string(value);
}

void addList(std::string& out, std::string_view key, const std::vector<std::string>& values) {
    appendKey(out, key);
    char separator = '[';
    for (const std::string& value : values) {
        out += separator;
        appendString(out, value);
        separator = ',';
    }
    out += ']';
}

/// CRC-16 with polynomial 0x1021 and start value 0, the checksum of nkeys.
std::uint16_t checksum(const std::uint8_t* bytes, std::size_t size) noexcept {
    unsigned crc = 0;
    for (std::size_t i = 0; i < size; ++i) {
        crc ^= static_cast<unsigned>(bytes[i]) << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ 0x1021U : crc << 1U;
        }
    }
    return static_cast<std::uint16_t>(crc & 0xFFFFU);
}

}  // namespace

std::string ServerInfo::line(std::uint64_t clientId, std::string_view clientIp,
                             std::string_view nonce) const {
    std::string out = "INFO {";
    add(out, "server_id", serverId);
    add(out, "server_name", serverName.empty() ? serverId : serverName);
    add(out, "version", kProtocolVersion);
    addNumber(out, "proto", 1);
    add(out, "gnatsd_version", kVersion);
    add(out, "host", host);
    addNumber(out, "port", port);
    addFlag(out, "headers", headers);
    addFlag(out, "auth_required", authRequired);
    addFlag(out, "ssl_required", tlsRequired);
    addFlag(out, "tls_required", tlsRequired);
    addFlag(out, "tls_verify", tlsVerify);
    if (tlsAvailable) {
        addFlag(out, "tls_available", true);
    }
    addNumber(out, "max_payload", maxPayload);
    addNumber(out, "client_id", clientId);
    add(out, "client_ip", clientIp);
    if (!nonce.empty()) {
        add(out, "nonce", nonce);
    }
    if (!cluster.empty()) {
        add(out, "cluster", cluster);
    }
    if (!connectUrls.empty()) {
        addList(out, "connect_urls", connectUrls);
    }
    if (lameDuck) {
        addFlag(out, "ldm", true);
    }
    out += "} \r\n";
    return out;
}

std::string newNonce() {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::uint8_t, 15> random{};
    fillRandom(random);
    std::string nonce;
    for (const std::uint8_t byte : random) {
        nonce += kAlphabet[byte & 0x3FU];
    }
    return nonce;
}

std::string newServerId() {
    constexpr std::size_t kSize = 1 + kKeySize + 2;
    std::array<std::uint8_t, kSize> bytes{kServerPrefix};
    fillRandom(std::span(bytes).subspan(1, kKeySize));
    const std::uint16_t crc = checksum(bytes.data(), 1 + kKeySize);
    bytes[kSize - 2] = static_cast<std::uint8_t>(crc & 0xFFU);
    bytes[kSize - 1] = static_cast<std::uint8_t>(crc >> 8U);

    std::string out;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const std::uint8_t byte : bytes) {
        buffer = (buffer << 8U) | byte;
        for (bits += 8; bits >= 5; bits -= 5) {
            out += kBase32[(buffer >> (bits - 5)) & 0x1FU];
        }
        buffer &= (1U << bits) - 1U;
    }
    return out;
}

}  // namespace gnatsd::kernel
