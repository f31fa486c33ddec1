// ClientPort: a listener for clients, as the host sees it; each transport that has one offers it.
//
// Threads: main. Lifetime: as long as the plug-in that offers it is started.

#pragma once

#include <string_view>

namespace gnatsd::reactor {

class ClientPort {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.reactor.ClientPort/1";

    ClientPort() = default;
    virtual ~ClientPort() = default;
    ClientPort(const ClientPort&) = delete;
    ClientPort& operator=(const ClientPort&) = delete;

    /// New connections are refused from now on; the others live on (CP-155).
    virtual void stopAccepting() = 0;
};

}  // namespace gnatsd::reactor
