// ServerInfo: what the INFO line says (CP-20 to CP-26).
//
// Threads: a value; the Broker hands out copies under its own rules.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

/// The nats-server release whose core behaviour we hold; clients switch features on by it (CP-24).
inline constexpr std::string_view kProtocolVersion = "2.9.10";

/// Our own version, `gnatsd_version` in INFO and what -v adds.
inline constexpr std::string_view kVersion = GNATSD_VERSION;

struct ServerInfo {
    std::string serverId;    // 56 characters, `N` first
    std::string serverName;  // equal to serverId when not configured
    std::string host = "0.0.0.0";
    std::uint16_t port = 4222;
    bool headers = true;  // OPT-158
    bool authRequired = false;
    bool tlsRequired = false;
    bool tlsVerify = false;
    bool tlsAvailable = false;  // CP-118; left out when false
    std::size_t maxPayload = 1024 * 1024;
    std::string cluster;
    std::vector<std::string> connectUrls;  // CP-25
    bool lameDuck = false;

    /// One line `INFO {...} \r\n` (CP-20), in the field order of CP-23; empty nonce, cluster and
    /// connect_urls and a false ldm are left out.
    std::string line(std::uint64_t clientId, std::string_view clientIp,
                     std::string_view nonce) const;
};

/// A new server id: the form of a public nkey of a server, `N` and 55 base32 characters with valid
/// checksum, from random bytes.
std::string newServerId();

/// A new nonce: 15 random characters of the URL alphabet of base64 (CP-23).
std::string newNonce();

}  // namespace gnatsd::kernel
