// Slapd: Debian's LDAP server as a child process, on free ports of 127.0.0.1, with a database of
// its own in a temporary folder. People below ou=people,dc=example,dc=org:
//
//     alice, password "secret"; "Smith, J", password "comma"; twin (two entries), password "twin"
//
// and cn=reader, password "read", who may search. Anonymous clients may bind and nothing else.
//
// Threads: one. Lifetime: the destructor ends the server.

#pragma once

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/Program.h"

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>

namespace gnatsd::tests {

class Slapd {
public:
    /// Makes the database and a certificate for 127.0.0.1, and starts.
    Slapd();

    std::string url() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
    std::string tlsUrl() const { return "ldaps://127.0.0.1:" + std::to_string(tlsPort_); }
    std::uint16_t port() const { return port_; }
    std::string certificate() const { return folder_.file("cert.pem"); }

    /// Waits until it serves.
    void start();
    void stop();
    /// Lets it hang, and go on.
    void pause() const { program_->signal(SIGSTOP); }
    void resume() const { program_->signal(SIGCONT); }

private:
    void makeCertificate() const;
    void makeDatabase() const;

    TempFolder folder_;
    std::uint16_t port_ = 0;
    std::uint16_t tlsPort_ = 0;
    std::unique_ptr<Program> program_;
};

/// Of 127.0.0.1, free at the moment.
std::uint16_t freePort();

}  // namespace gnatsd::tests
