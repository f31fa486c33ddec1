// What a certificate says: names, how long it is valid, the fingerprint of its key.
//
// Threads: pure functions; none leaves anything in OpenSSL's error queue.

#pragma once

#include "kernel/PeerIdentity.h"

#include <openssl/x509.h>

#include <string>

namespace gnatsd::tls {

/// Subject and names in the order of AU-71.
kernel::PeerIdentity identityOf(X509* certificate);

/// RFC 2253, not escaping what is not ASCII.
std::string subjectOf(X509* certificate);

/// SHA-256 of the SubjectPublicKeyInfo in lower case digits (OPT-121); empty on failure.
std::string keyFingerprint(X509* certificate);

/// Whole days until it expires; negative: it has.
int daysLeft(const X509* certificate);

}  // namespace gnatsd::tls
