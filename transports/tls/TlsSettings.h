// TlsSettings: a `tls` block, read (OPT-110 to OPT-122).
//
// Threads: a plain value.

#pragma once

#include "transports/reactor/StreamUpgrade.h"
#include <gnatsd/Plugin.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::tls {

struct TlsSettings {
    std::string peer = "client";  // what the log calls the other side
    std::string certFile;
    std::string keyFile;
    std::string caFile;  // empty: those of the system
    bool verify = false;
    bool verifyAndMap = false;
    bool only13 = false;
    std::vector<std::string> cipherSuites;
    std::vector<std::string> curves;
    std::vector<std::string> pinnedCerts;  // lower case
    bool tickets = false;                  // clients may resume sessions
    std::uint32_t connectionRate = 0;      // 0: any
    std::chrono::milliseconds timeout{2000};
    reactor::Security::Hello hello = reactor::Security::Hello::beforeHandshake;
    std::chrono::milliseconds silence{50};

    /// Throws what is wrong.
    static TlsSettings read(const sdk::Config& config);

    /// Whether clients are asked for a certificate.
    bool wantsCertificates() const noexcept { return verify || !pinnedCerts.empty(); }
};

}  // namespace gnatsd::tls
