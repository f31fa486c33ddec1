// TlsNames: the cipher suites and curves that a configuration may name (OPT-116, OPT-128), and the
// text of `--help_tls` (CLI-42).
//
// Threads: constant data.

#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gnatsd::host::options {

/// Sorted. Whether the TLS library has them is for the TLS plug-in to see.
std::span<const std::string_view> cipherSuites();

std::span<const std::string_view> curves();

std::string tlsHelpText();

}  // namespace gnatsd::host::options
