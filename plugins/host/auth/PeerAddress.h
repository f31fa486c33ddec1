// PeerAddress: the machine that a client comes from, without its port.
//
// Threads: pure functions.

#pragma once

#include <Poco/Net/IPAddress.h>

#include <optional>
#include <string>
#include <string_view>

namespace gnatsd::host::auth {

/// Nothing for what is no whole address. IPv4 that came through an IPv6 socket is IPv4.
std::optional<Poco::Net::IPAddress> ipOf(std::string_view text);

/// The same for "IP:PORT" and "[IP]:PORT".
std::optional<Poco::Net::IPAddress> peerIp(std::string_view peerAddress);

/// Who is taken for one and the same: an IPv4 address, or an IPv6 network of 64 bits.
std::string sourceOf(std::string_view peerAddress);

}  // namespace gnatsd::host::auth
