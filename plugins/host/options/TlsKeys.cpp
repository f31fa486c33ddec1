// The rows of a `tls` block (section 5 of OPT) and the flags about TLS (CLI-25, CLI-26).

#include "kernel/Text.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/TlsNames.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <utility>

namespace gnatsd::host::options {

namespace {

constexpr FlagGroup kTls = FlagGroup::tls;
constexpr std::size_t kFingerprintLength = 64;

/// CLI-34: false takes the block of the file away.
void mergeTls(conf::Map& tree, const conf::Value& value, Problems&) {
    if (!*value.boolean()) {
        drop(tree, "tls");
    } else if (tree.find("tls") == nullptr) {
        put(tree, "tls", conf::Value(conf::Map(), value.place()));
    }
}

void mergeVerify(conf::Map& tree, const conf::Value& value, Problems&) {
    if (*value.boolean() || tree.find("tls") != nullptr) {
        put(tree, "tls.verify", value);
    }
}

/// A list of names that are all known.
void readNames(const Key& key, const conf::Entry& entry, Reading& reading, const char* unknown,
               std::span<const std::string_view> known) {
    const auto names = readTexts(entry, false, reading);
    if (!names) {
        return;
    }
    if (names->empty()) {
        return reading.problems.error(entry.value.place(),
                                      kernel::quote(entry.key) + " must not be empty");
    }
    for (const conf::Value& name : *names) {
        if (std::find(known.begin(), known.end(), *name.string()) == known.end()) {
            reading.problems.error(name.place(), std::string("unrecognized ") + unknown + " " +
                                                     kernel::quote(*name.string()));
        }
    }
    put(reading.out, key.name(), entry.value);
}

void readCipherSuites(const Key& key, const conf::Entry& entry, Reading& reading) {
    readNames(key, entry, reading, "cipher", cipherSuites());
}

void readCurves(const Key& key, const conf::Entry& entry, Reading& reading) {
    readNames(key, entry, reading, "curve preference", curves());
}

void readPinnedCerts(const Key& key, const conf::Entry& entry, Reading& reading) {
    const auto items = readTexts(entry, false, reading);
    if (!items) {
        return;
    }
    conf::Array fingerprints;
    for (const conf::Value& item : *items) {
        std::string text = lowerCase(*item.string());
        if (text.size() != kFingerprintLength ||
            text.find_first_not_of("0123456789abcdef") != std::string::npos) {
            reading.problems.error(item.place(), "expected 64 hexadecimal digits in " +
                                                     kernel::quote(entry.key) + ", got " +
                                                     kernel::quote(*item.string()));
        }
        fingerprints.emplace_back(std::move(text), item.place());
    }
    put(reading.out, key.name(), conf::Value(std::move(fingerprints), entry.value.place()));
}

/// A boolean, "auto", or how long to wait for the client to speak first.
void readHandshakeFirst(const Key& key, const conf::Entry& entry, Reading& reading) {
    const std::string* text = entry.value.string();
    if (entry.value.boolean() != nullptr || (text != nullptr && *text == "auto")) {
        return put(reading.out, key.name(), entry.value);
    }
    Key asDuration{.names = {key.name()}, .kind = Kind::durationText};
    readEntry(asDuration, entry, reading);
}

std::string checkMinVersion(const conf::Value& value) {
    return *value.string() == "1.2" || *value.string() == "1.3"
               ? std::string()
               : "expected \"1.2\" or \"1.3\" for \"min_version\"";
}

void readKnownUrls(const Key& key, const conf::Entry& entry, Reading& reading) {
    if (entry.value.boolean() == nullptr) {
        return wrongType(entry, "a boolean", reading);
    }
    if (!reading.block.starts_with("cluster")) {
        return reading.problems.error(entry.value.place(),
                                      std::string(key.name()) + " not supported in this context");
    }
    put(reading.out, key.name(), entry.value);
}

// clang-format off
constexpr Key kKeys[] = {
    {.kind = Kind::boolean,
     .flag = {{"tls"}, kTls, "", "Enable TLS, do not verify clients (default: false)", mergeTls}},
    {.names = {"cert_file"},
     .flag = {{"tlscert"}, kTls, "<file>", "Server certificate file"}},
    {.names = {"key_file"},
     .flag = {{"tlskey"}, kTls, "<file>", "Private key for server certificate"}},
    {.names = {"verify"}, .kind = Kind::boolean,
     .flag = {{"tlsverify"}, kTls, "", "Enable TLS, verify client certificates", mergeVerify}},
    {.names = {"ca_file"},
     .flag = {{"tlscacert"}, kTls, "<file>", "Client certificate CA for verification"}},
    {.names = {"timeout"}, .kind = Kind::time},
    {.names = {"cipher_suites"}, .kind = Kind::custom, .read = readCipherSuites},
    {.names = {"curve_preferences"}, .kind = Kind::custom, .read = readCurves},
    {.names = {"verify_and_map"}, .kind = Kind::boolean},
    {.names = {"insecure"}, .kind = Kind::boolean},
    {.names = {"verify_cert_and_check_known_urls"}, .kind = Kind::custom, .read = readKnownUrls},
    {.names = {"connection_rate_limit"}, .kind = Kind::integer, .range = kAtLeastZero},
    {.names = {"pinned_certs"}, .kind = Kind::custom, .read = readPinnedCerts},
    {.names = {"handshake_first", "first", "immediate"}, .kind = Kind::custom,
     .read = readHandshakeFirst},
    {.names = {"min_version"}, .check = checkMinVersion},
    {.names = {"allow_insecure_cipher_suites"}, .kind = Kind::boolean},
    // ours
    {.names = {"session_tickets"}, .kind = Kind::boolean},
    // Records are made in this program, so that the kernel has nothing to do with them.
    {.names = {"ktls"}, .kind = Kind::refused},
};
// clang-format on

constexpr Block kBlock{"tls", {kKeys}};

}  // namespace

const Block& tlsBlock() {
    return kBlock;
}

}  // namespace gnatsd::host::options
