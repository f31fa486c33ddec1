// Request: what a client said about itself, as long as somebody may have to judge it again; its
// secrets are wiped at the end.
//
// Threads: constant. Lifetime: shared by the check and, once accepted, the session's ticket.

#pragma once

#include "kernel/AuthGate.h"
#include <gnatsd/Authenticator.h>

#include <string>

namespace gnatsd::host::auth {

class Request {
public:
    explicit Request(kernel::AuthRequest asked);
    ~Request();
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    const kernel::AuthRequest& asked() const noexcept { return asked_; }

    /// Valid as long as this.
    sdk::ConnectRequest view(bool isRecheck) const;

    /// As the session's own log lines begin: address, number, what the client calls itself.
    std::string label() const;

private:
    kernel::AuthRequest asked_;
};

}  // namespace gnatsd::host::auth
