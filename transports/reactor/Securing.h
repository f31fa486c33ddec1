// Securing: what a connection remembers from its start until its handshake is done.
//
// Threads: confined to the connection.

#pragma once

#include "transports/reactor/StreamUpgrade.h"
#include "transports/reactor/Timers.h"

#include <memory>

namespace gnatsd::reactor {

struct Securing {
    std::shared_ptr<const Security> security;
    bool mayStayPlain = false;       // CP-118
    SecureStream* stream = nullptr;  // the connection's, once the peer has begun
    Clock::time_point deadline{};
    Clock::time_point helloBy = Clock::time_point::max();
    bool greeted = false;
    bool wantsOutput = false;
};

}  // namespace gnatsd::reactor
