// HandshakeNotes: what OpenSSL's callbacks tell during one handshake; the application data of its
// SSL.
//
// Threads: confined to the connection. Lifetime: that of the handshake; secrets are wiped then.

#pragma once

#include "transports/tls/Tls13Records.h"

#include <string>
#include <string_view>

namespace gnatsd::tls {

struct HandshakeNotes {
    std::string subject;            // of the certificate that the peer has shown
    Tls13Records::Secrets secrets;  // of a server; empty with TLS 1.2

    /// A line of OpenSSL's key log.
    void onKeyLine(std::string_view line) noexcept;
};

}  // namespace gnatsd::tls
