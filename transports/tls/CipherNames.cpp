#include "transports/tls/CipherNames.h"

#include <Poco/Exception.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace gnatsd::tls {

namespace {

struct Name {
    std::string_view ours;
    std::string_view openssl;
};

/// The first six in the order of preference.
constexpr Name kSuites[] = {
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    {"TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"},
    {"TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA"},
    {"TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256"},
    {"TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"},
    {"TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"},
    {"TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-CBC3-SHA"},
    {"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "ECDHE-RSA-DES-CBC3-SHA"},
    {"TLS_RSA_WITH_RC4_128_SHA", "RC4-SHA"},
    {"TLS_ECDHE_RSA_WITH_RC4_128_SHA", "ECDHE-RSA-RC4-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", "ECDHE-ECDSA-RC4-SHA"},
};
constexpr std::size_t kDefaults = 6;

constexpr std::string_view kSuites13[] = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
};

constexpr Name kCurves[] = {
    {"X25519", "X25519"},
    {"CurveP256", "P-256"},
    {"CurveP384", "P-384"},
    {"CurveP521", "P-521"},
};

void join(std::string& list, std::string_view name) {
    list.append(list.empty() ? "" : ":").append(name);
}

/// Whether the library can do it at its security level.
bool isAvailable(SSL_CTX* context, std::string_view name) {
    const bool found = SSL_CTX_set_cipher_list(context, std::string(name).c_str()) == 1;
    ERR_clear_error();
    return found;
}

[[noreturn]] void unknown(const char* what, const std::string& name) {
    throw Poco::InvalidArgumentException(std::string("unrecognized ") + what + " \"" + name + "\"");
}

}  // namespace

std::string cipherList(const std::vector<std::string>& names) {
    if (names.empty()) {
        return defaultCipherList();
    }
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    std::string list;
    bool any13 = false;
    for (const std::string& name : names) {
        if (std::find(std::begin(kSuites13), std::end(kSuites13), name) != std::end(kSuites13)) {
            any13 = true;
            continue;
        }
        const auto* const suite = std::find_if(std::begin(kSuites), std::end(kSuites),
                                               [&](const Name& one) { return one.ours == name; });
        if (suite == std::end(kSuites)) {
            unknown("cipher", name);
        }
        if (isAvailable(context.get(), suite->openssl)) {
            join(list, suite->openssl);
        }
    }
    if (list.empty() && !any13) {
        throw Poco::InvalidArgumentException(
            "the TLS library has none of the suites in 'cipher_suites'");
    }
    return list;
}

bool isWeak(std::string_view name) noexcept {
    return name.starts_with("TLS_RSA_") || name.find("_RC4_") != std::string_view::npos ||
           name.find("_3DES_") != std::string_view::npos || name.ends_with("_CBC_SHA256");
}

std::string defaultCipherList() {
    std::string list;
    for (std::size_t i = 0; i < kDefaults; ++i) {
        join(list, kSuites[i].openssl);
    }
    return list;
}

std::string tls13Suites() {
    std::string list;
    for (const std::string_view name : kSuites13) {
        join(list, name);
    }
    return list;
}

std::string curveList(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        const auto* const curve = std::find_if(std::begin(kCurves), std::end(kCurves),
                                               [&](const Name& one) { return one.ours == name; });
        if (curve == std::end(kCurves)) {
            unknown("curve preference", name);
        }
        join(list, curve->openssl);
    }
    if (list.empty()) {
        for (const Name& curve : kCurves) {
            join(list, curve.openssl);
        }
    }
    return list;
}

}  // namespace gnatsd::tls
