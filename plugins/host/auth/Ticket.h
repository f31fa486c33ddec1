// Ticket: what an accepted session holds for the chain: its user's place, what it was judged by,
// and the remembered secrets that its return will need.
//
// Threads: constant. Lifetime: the session's; may outlive the chain.

#pragma once

#include "kernel/AuthGate.h"
#include "plugins/host/auth/Request.h"
#include "plugins/host/auth/UserTable.h"
#include "plugins/host/auth/VerifiedSecrets.h"

#include <memory>
#include <utility>

namespace gnatsd::host::auth {

struct Ticket final : kernel::AuthTicket {
    Ticket(std::shared_ptr<const Request> judged, std::shared_ptr<const UserTable::Place> taken,
           VerifiedSecrets::Pins kept)
        : request(std::move(judged)), place(std::move(taken)), pins(std::move(kept)) {}

    const std::shared_ptr<const Request> request;
    const std::shared_ptr<const UserTable::Place> place;
    const VerifiedSecrets::Pins pins;
};

}  // namespace gnatsd::host::auth
