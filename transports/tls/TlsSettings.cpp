#include "transports/tls/TlsSettings.h"

#include "transports/tls/CipherNames.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace gnatsd::tls {

namespace {

constexpr double kTimeout = 2;  // OPT-114

std::string textOf(const sdk::Config& config, const std::string& key) {
    return config.has(key) ? config.getRawString(key) : std::string();
}

std::vector<std::string> listOf(const sdk::Config& config, const std::string& key) {
    std::vector<std::string> items;
    for (int i = 0;; ++i) {
        const std::string item = key + "." + std::to_string(i);
        if (!config.has(item)) {
            break;
        }
        items.push_back(config.getRawString(item));
    }
    if (items.empty() && config.has(key) && !config.getRawString(key).empty()) {
        items.push_back(config.getRawString(key));
    }
    return items;
}

std::string required(const sdk::Config& config, const std::string& key) {
    std::string file = textOf(config, key);
    if (file.empty()) {
        sdk::refuseSetting(config, key, "missing '" + key + "' in TLS configuration");
    }
    return file;
}

std::vector<std::string> pinsOf(const sdk::Config& config) {
    std::vector<std::string> pins = listOf(config, "pinned_certs");
    for (std::string& pin : pins) {
        std::transform(pin.begin(), pin.end(), pin.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (pin.size() != 64 || pin.find_first_not_of("0123456789abcdef") != std::string::npos) {
            sdk::refuseSetting(config, "pinned_certs",
                               "expected 64 hexadecimal digits in 'pinned_certs'");
        }
    }
    if (pins.empty() && config.has("pinned_certs")) {
        // Not "any certificate": the list says who may connect, and names nobody.
        sdk::refuseSetting(config, "pinned_certs", "'pinned_certs' names no certificate");
    }
    return pins;
}

void refuseWeakSuites(const sdk::Config& config, const std::vector<std::string>& names) {
    if (config.getBool("allow_insecure_cipher_suites", false)) {
        return;
    }
    const auto weak = std::find_if(names.begin(), names.end(), isWeak);
    if (weak != names.end()) {
        sdk::refuseSetting(config, "cipher_suites",
                           "cipher suite \"" + *weak +
                               "\" is insecure: leave it out, or set "
                               "'allow_insecure_cipher_suites: true'");
    }
}

std::chrono::milliseconds seconds(double count) {
    return std::chrono::milliseconds(std::llround(std::ceil(count * 1000)));
}

void readHello(const sdk::Config& config, TlsSettings& settings) {
    using Hello = reactor::Security::Hello;
    const std::string text = textOf(config, "handshake_first");
    if (text.empty() || text == "false") {
        return;
    }
    if (text == "true") {
        settings.hello = Hello::afterHandshake;
        return;
    }
    settings.hello = Hello::whenSilent;
    if (text != "auto") {
        settings.silence = seconds(config.getDouble("handshake_first"));
    }
}

}  // namespace

TlsSettings TlsSettings::read(const sdk::Config& config) {
    TlsSettings settings;
    settings.certFile = required(config, "cert_file");
    settings.keyFile = required(config, "key_file");
    settings.caFile = textOf(config, "ca_file");
    settings.verifyAndMap = config.getBool("verify_and_map", false);
    settings.verify = settings.verifyAndMap || config.getBool("verify", false);
    settings.only13 = textOf(config, "min_version") == "1.3";
    settings.cipherSuites = listOf(config, "cipher_suites");
    refuseWeakSuites(config, settings.cipherSuites);
    settings.curves = listOf(config, "curve_preferences");
    settings.pinnedCerts = pinsOf(config);
    settings.tickets = config.getBool("session_tickets", false);
    settings.connectionRate =
        static_cast<std::uint32_t>(std::max(0, config.getInt("connection_rate_limit", 0)));
    if (const double timeout = config.getDouble("timeout", kTimeout); timeout > 0) {
        settings.timeout = seconds(timeout);
    }
    readHello(config, settings);
    return settings;
}

}  // namespace gnatsd::tls
