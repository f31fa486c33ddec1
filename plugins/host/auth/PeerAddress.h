// PeerAddress: the machine that a client comes from, without its port.
//
// Threads: pure functions.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gnatsd::host::auth {

/// The bytes of an IPv6 address; an IPv4 address is in its mapped form, ::ffff:a.b.c.d.
using IpAddress = std::array<std::uint8_t, 16>;

/// The bits of an IpAddress before those of an IPv4 address.
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAddressBits = 128;

bool isIpv4(const IpAddress& address) noexcept;

/// The first `bits` bits, the others 0.
IpAddress networkOf(const IpAddress& address, unsigned bits) noexcept;

/// Nothing for what is no whole address.
std::optional<IpAddress> ipOf(std::string_view text);

/// The same for "IP:PORT" and "[IP]:PORT".
std::optional<IpAddress> peerIp(std::string_view peerAddress);

/// Who is taken for one and the same: an IPv4 address, or an IPv6 network of 64 bits.
std::string sourceOf(std::string_view peerAddress);

}  // namespace gnatsd::host::auth
