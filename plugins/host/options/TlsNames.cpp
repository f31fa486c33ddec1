#include "plugins/host/options/TlsNames.h"

namespace gnatsd::host::options {

namespace {

constexpr std::string_view kCipherSuites[] = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_RC4_128_SHA",
};

constexpr std::string_view kCurves[] = {"CurveP256", "CurveP384", "CurveP521", "X25519"};

constexpr std::string_view kExplanation = R"(
The flags --tls, --tlscert and --tlskey switch TLS on for clients. A "tls" block in the
configuration file says more, and is the only way to choose cipher suites:

    tls {
      cert_file: "./server-cert.pem"  # the server's certificate, then those that signed it
      key_file:  "./server-key.pem"   # its private key
      ca_file:   "./ca.pem"           # whose signature a client's certificate must have
      verify:    true                 # clients must show a certificate
      timeout:   2                    # seconds for the handshake

      # in order of preference
      cipher_suites: [
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
      ]
      curve_preferences: ["X25519", "CurveP256"]
    }

)";

}  // namespace

std::span<const std::string_view> cipherSuites() {
    return kCipherSuites;
}

std::span<const std::string_view> curves() {
    return kCurves;
}

std::string tlsHelpText() {
    std::string text(kExplanation);
    text += "Available cipher suites include:\n";
    for (const std::string_view name : kCipherSuites) {
        text += "    " + std::string(name) + "\n";
    }
    text += "\nAvailable curve preferences include:\n";
    for (const std::string_view name : kCurves) {
        text += "    " + std::string(name) + "\n";
    }
    return text;
}

}  // namespace gnatsd::host::options
