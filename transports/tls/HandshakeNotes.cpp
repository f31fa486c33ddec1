#include "transports/tls/HandshakeNotes.h"

namespace gnatsd::tls {

namespace {

constexpr unsigned kNoDigit = 16;

unsigned digit(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : kNoDigit;
}

void read(std::string_view hex, Secret& secret) noexcept {
    secret.size = 0;
    if (hex.size() % 2 != 0 || hex.size() / 2 > secret.bytes.size()) {
        return;
    }
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const unsigned high = digit(hex[i]);
        const unsigned low = digit(hex[i + 1]);
        if (high == kNoDigit || low == kNoDigit) {
            return;
        }
        secret.bytes[i / 2] = static_cast<unsigned char>(high << 4U | low);
    }
    secret.size = hex.size() / 2;
}

}  // namespace

/// `CLIENT_TRAFFIC_SECRET_0 RANDOM SECRET`, both in hexadecimal digits.
void HandshakeNotes::onKeyLine(std::string_view line) noexcept {
    const std::string_view hex = line.substr(line.rfind(' ') + 1);
    if (line.starts_with("CLIENT_TRAFFIC_SECRET_0 ")) {
        read(hex, secrets.read);
    } else if (line.starts_with("SERVER_TRAFFIC_SECRET_0 ")) {
        read(hex, secrets.write);
    }
}

}  // namespace gnatsd::tls
