#include "plugins/host/auth/AllowFrom.h"

#include <Poco/Exception.h>
#include <Poco/NumberParser.h>

#include <algorithm>

namespace gnatsd::host::auth {

AllowFrom::AllowFrom(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        const std::string::size_type slash = entry.find('/');
        const auto address = ipOf(entry.substr(0, slash));
        const unsigned before = entry.find(':') == std::string::npos ? kMappedBits : 0;
        unsigned bits = kAddressBits - before;
        const bool isWhole = slash == std::string::npos ||
                             (Poco::NumberParser::tryParseUnsigned(entry.substr(slash + 1), bits) &&
                              bits <= kAddressBits - before);
        if (!address || !isWhole) {
            throw Poco::DataFormatException("not an address or network", entry);
        }
        networks_.push_back({networkOf(*address, before + bits), before + bits});
    }
}

bool AllowFrom::allows(std::string_view peerAddress) const {
    if (networks_.empty()) {
        return true;
    }
    const auto peer = peerIp(peerAddress);
    // The family counts too: "::/0" holds no IPv4 address.
    return peer && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
               return isIpv4(*peer) == isIpv4(network.address) &&
                      networkOf(*peer, network.bits) == network.address;
           });
}

}  // namespace gnatsd::host::auth
