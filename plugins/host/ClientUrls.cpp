#include "plugins/host/ClientUrls.h"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetworkInterface.h>

#include <algorithm>

namespace gnatsd::host {

namespace {

using Poco::Net::IPAddress;
using Poco::Net::NetworkInterface;

std::string url(const std::string& host, std::uint16_t port) {
    const bool brackets = host.find(':') != std::string::npos;
    return "nats://" + (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

/// Addresses of the family that can be written in a URL: a link-local one needs its interface.
std::vector<std::string> ownAddresses(IPAddress::Family family) {
    std::vector<IPAddress> addresses;
    for (const NetworkInterface& interface : NetworkInterface::list()) {
        const IPAddress& address = interface.address();
        const bool linkLocal = family == IPAddress::IPv6 && address.isLinkLocal();
        if (address.family() == family && !linkLocal && !address.isWildcard()) {
            addresses.push_back(address);
        }
    }
    std::stable_partition(addresses.begin(), addresses.end(),
                          [](const IPAddress& address) { return address.isLoopback(); });
    std::vector<std::string> texts;
    for (const IPAddress& address : addresses) {
        if (std::find(texts.begin(), texts.end(), address.toString()) == texts.end()) {
            texts.push_back(address.toString());
        }
    }
    return texts;
}

}  // namespace

std::vector<std::string> clientUrls(const std::vector<kernel::ClientAddress>& addresses) {
    std::vector<std::string> urls;
    for (const kernel::ClientAddress& address : addresses) {
        IPAddress parsed;
        const bool isNumber = IPAddress::tryParse(address.host, parsed);
        if (!isNumber || !parsed.isWildcard()) {
            urls.push_back(url(address.host, address.port));
            continue;
        }
        for (const std::string& own : ownAddresses(parsed.family())) {
            urls.push_back(url(own, address.port));
        }
    }
    return urls;
}

}  // namespace gnatsd::host
