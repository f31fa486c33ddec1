// What went wrong, in words: taken from OpenSSL's error queue of the calling thread, which is empty
// afterwards.
//
// Threads: any.

#pragma once

#include "transports/tls/HandshakeNotes.h"

#include <openssl/ssl.h>

#include <string>

namespace gnatsd::tls {

/// Which side ended the handshake of this server, and why. `peer`: what to call the other one.
std::string handshakeProblem(SSL* ssl, const HandshakeNotes& notes, const std::string& peer);

/// The last error of a call that loads or sets something.
std::string lastProblem();

}  // namespace gnatsd::tls
