#include "plugins/host/auth/PeerAddress.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>

namespace gnatsd::host::auth {

namespace {

constexpr unsigned kSourceBits = 64;
constexpr std::size_t kMappedBytes = kMappedBits / 8;
constexpr std::array<std::uint8_t, kMappedBytes> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

std::string textOf(const IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (isIpv4(address)) {
        ::inet_ntop(AF_INET, address.data() + kMappedBytes, text.data(), text.size());
    } else {
        ::inet_ntop(AF_INET6, address.data(), text.data(), text.size());
    }
    return text.data();
}

}  // namespace

bool isIpv4(const IpAddress& address) noexcept {
    return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

IpAddress networkOf(const IpAddress& address, unsigned bits) noexcept {
    IpAddress network{};
    const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
    std::copy_n(address.begin(), whole, network.begin());
    if (const unsigned rest = bits % 8; rest != 0) {
        const auto at = static_cast<std::size_t>(whole);
        network[at] = static_cast<std::uint8_t>(address[at] & (0xFF00U >> rest));
    }
    return network;
}

std::optional<IpAddress> ipOf(std::string_view text) {
    const std::string whole(text);
    IpAddress address{};
    if (::inet_pton(AF_INET6, whole.c_str(), address.data()) == 1) {
        return address;
    }
    std::copy(kMapped.begin(), kMapped.end(), address.begin());
    if (::inet_pton(AF_INET, whole.c_str(), address.data() + kMappedBytes) == 1) {
        return address;
    }
    return std::nullopt;
}

std::optional<IpAddress> peerIp(std::string_view peerAddress) {
    std::string_view text = peerAddress.substr(0, peerAddress.rfind(':'));
    if (text.starts_with('[') && text.ends_with(']')) {
        text = text.substr(1, text.size() - 2);
    }
    return ipOf(text);
}

std::string sourceOf(std::string_view peerAddress) {
    const auto address = peerIp(peerAddress);
    if (!address) {
        return std::string(peerAddress.substr(0, peerAddress.rfind(':')));
    }
    return textOf(isIpv4(*address) ? *address : networkOf(*address, kSourceBits));
}

}  // namespace gnatsd::host::auth
