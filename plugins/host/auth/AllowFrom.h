// AllowFrom: the addresses and networks that a user may come from.
//
// Threads: constant after construction.

#pragma once

#include "plugins/host/auth/PeerAddress.h"

#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::host::auth {

class AllowFrom {
public:
    /// Throws Poco::DataFormatException, with the entry, when one is neither address nor network.
    explicit AllowFrom(const std::vector<std::string>& entries);

    /// True when the list is empty, false for what is no address.
    bool allows(std::string_view peerAddress) const;

private:
    struct Network {
        IpAddress address;
        unsigned bits;
    };

    std::vector<Network> networks_;
};

}  // namespace gnatsd::host::auth
