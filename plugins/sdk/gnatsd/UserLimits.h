// UserLimits: what one user may use of the server, beyond what everybody may. A value that an
// Authenticator gives together with its accept; each limit is off by default.
//
// Threads: a value; shared, it must not change after it was given.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::sdk {

struct UserLimits {
    /// How many connections of this user of this account there may be at once; 0: any number.
    std::uint32_t maxConnections = 0;

    /// Addresses and networks that the user may come from: "10.0.0.0/8", "192.0.2.7", "fd00::/8".
    /// Empty: from everywhere. An entry that is none of these refuses the client.
    std::vector<std::string> allowFrom;

    /// Whether subscriptions with wildcards are refused.
    bool noWildcards = false;

    /// Messages a second that one connection may publish, in the long run; 0: any number. The
    /// server reads slower when more come; it loses none.
    std::uint32_t publishRate = 0;
    /// How many may come at once after a pause; 0: those of one second.
    std::uint32_t publishBurst = 0;
};

}  // namespace gnatsd::sdk
