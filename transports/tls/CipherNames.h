// CipherNames: the names that configurations use for cipher suites and curves (OPT-116, OPT-128),
// and what OpenSSL calls the same.
//
// Threads: constant data.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tls {

/// The suites of TLS 1.2 in OpenSSL's form, those that the library does not have left out; none
/// when all that are named belong to TLS 1.3, which may always be used (OPT-124).
/// Throws Poco::InvalidArgumentException for a name that is not known, and when none is left.
std::string cipherList(const std::vector<std::string>& names);

/// Whether it gives up old traffic with the key (no ephemeral exchange), is broken (RC4, 3DES) or
/// tells by its timing (CBC with SHA-256): only with `allow_insecure_cipher_suites` (OPT-122).
bool isWeak(std::string_view name) noexcept;

/// The suites of TLS 1.2 that are used when the configuration names none.
std::string defaultCipherList();

/// All suites of TLS 1.3, the cheapest first.
std::string tls13Suites();

/// In OpenSSL's form; the default for no names. Throws Poco::InvalidArgumentException.
std::string curveList(const std::vector<std::string>& names);

}  // namespace gnatsd::tls
