#include "plugins/host/auth/PeerAddress.h"

#include <algorithm>

namespace gnatsd::host::auth {

namespace {

using Poco::Net::IPAddress;

constexpr unsigned kSourceBits = 64;

}  // namespace

std::optional<IPAddress> peerIp(std::string_view peerAddress) {
    std::string_view text = peerAddress.substr(0, peerAddress.rfind(':'));
    if (text.starts_with('[') && text.ends_with(']')) {
        text = text.substr(1, text.size() - 2);
    }
    return ipOf(text);
}

std::optional<IPAddress> ipOf(std::string_view text) {
    IPAddress address;
    // The dots: "10.1" would be taken for an address, too.
    const auto dots = std::count(text.begin(), text.end(), '.');
    const bool isV6 = text.find(':') != std::string_view::npos;
    if ((!isV6 && dots != 3) || !IPAddress::tryParse(std::string(text), address)) {
        return std::nullopt;
    }
    if (isV6 && address.isIPv4Mapped()) {
        constexpr int kMapped = 12;  // bytes before the IPv4 part
        return IPAddress(static_cast<const char*>(address.addr()) + kMapped, 4);
    }
    return address;
}

std::string sourceOf(std::string_view peerAddress) {
    const auto address = peerIp(peerAddress);
    if (!address) {
        return std::string(peerAddress.substr(0, peerAddress.rfind(':')));
    }
    if (address->family() == IPAddress::IPv4) {
        return address->toString();
    }
    return (*address & IPAddress(kSourceBits, IPAddress::IPv6)).toString();
}

}  // namespace gnatsd::host::auth
