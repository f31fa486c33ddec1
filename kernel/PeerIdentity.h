// PeerIdentity: who is at the other end of a secured connection, by its certificate (AU-71).
// TlsOffer: what INFO says about the listener of one connection (CP-115, CP-118).
//
// Threads: constant once shared. Lifetime: shared by the session and checks of it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::kernel {

struct PeerIdentity {
    std::string subject;             // RFC 2253; empty: it showed no certificate
    std::string commonName;          // the last one of the subject
    std::vector<std::string> names;  // e-mail addresses, DNS names, URIs, in this order
    bool maps = false;               // it alone says who the user is (verify_and_map)
};

struct TlsOffer {
    bool required = false;
    bool available = false;  // clients may also stay plain
    bool verify = false;     // clients must show a certificate
    std::uint16_t port = 0;  // 0: that of the first listener
};

}  // namespace gnatsd::kernel
