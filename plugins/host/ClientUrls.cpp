#include "plugins/host/ClientUrls.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <optional>

namespace gnatsd::host {

namespace {

std::string url(const std::string& host, std::uint16_t port) {
    const bool brackets = host.find(':') != std::string::npos;
    return "nats://" + (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

/// The family of a wildcard address; nothing for any other.
std::optional<int> wildcardFamily(const std::string& host) {
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1 && v4.s_addr == INADDR_ANY) {
        return AF_INET;
    }
    in6_addr v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6)) {
        return AF_INET6;
    }
    return std::nullopt;
}

/// The address as it can be written in a URL; empty for a link-local one, which needs its
/// interface.
std::string textOf(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
               !IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr)) {
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

/// The machine's addresses of the family, loopback first.
std::vector<std::string> ownAddresses(int family) {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) {
        return {};
    }
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
    std::vector<std::string> loopback;
    std::vector<std::string> others;
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != family ||
            (one->ifa_flags & IFF_UP) == 0) {
            continue;
        }
        auto& texts = (one->ifa_flags & IFF_LOOPBACK) != 0 ? loopback : others;
        const std::string text = textOf(*one->ifa_addr);
        if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end()) {
            texts.push_back(text);
        }
    }
    loopback.insert(loopback.end(), others.begin(), others.end());
    return loopback;
}

}  // namespace

std::vector<std::string> clientUrls(const std::vector<kernel::ClientAddress>& addresses) {
    std::vector<std::string> urls;
    for (const kernel::ClientAddress& address : addresses) {
        const auto family = wildcardFamily(address.host);
        if (!family) {
            urls.push_back(url(address.host, address.port));
            continue;
        }
        for (const std::string& own : ownAddresses(*family)) {
            urls.push_back(url(own, address.port));
        }
    }
    return urls;
}

}  // namespace gnatsd::host
