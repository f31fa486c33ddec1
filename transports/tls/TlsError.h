// What went wrong, in words: taken from OpenSSL's error queue of the calling thread, which is empty
// afterwards.
//
// Threads: any.

#pragma once

#include <openssl/ssl.h>

#include <string>

namespace gnatsd::tls {

/// Which side ended the handshake of this server, and why. The application data of `ssl` is a
/// std::string with the subject of the peer's certificate.
std::string handshakeProblem(SSL* ssl);

/// The last error of a call that loads or sets something.
std::string lastProblem();

}  // namespace gnatsd::tls
