#include "plugins/host/auth/AllowFrom.h"

#include "plugins/host/auth/PeerAddress.h"

#include <Poco/Exception.h>
#include <Poco/NumberParser.h>

#include <algorithm>

namespace gnatsd::host::auth {

using Poco::Net::IPAddress;

AllowFrom::AllowFrom(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        const std::string::size_type slash = entry.find('/');
        const auto address = ipOf(entry.substr(0, slash));
        if (!address) {
            throw Poco::DataFormatException("not an address or network", entry);
        }
        const unsigned most = address->family() == IPAddress::IPv4 ? 32 : 128;
        unsigned bits = most;
        if (slash != std::string::npos &&
            (!Poco::NumberParser::tryParseUnsigned(entry.substr(slash + 1), bits) || bits > most)) {
            throw Poco::DataFormatException("not an address or network", entry);
        }
        const IPAddress mask(bits, address->family());
        networks_.push_back({*address & mask, mask});
    }
}

bool AllowFrom::allows(std::string_view peerAddress) const {
    if (networks_.empty()) {
        return true;
    }
    const auto peer = peerIp(peerAddress);
    return peer && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
               return network.address.family() == peer->family() &&
                      (*peer & network.mask) == network.address;
           });
}

}  // namespace gnatsd::host::auth
