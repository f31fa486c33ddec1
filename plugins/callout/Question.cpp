#include "plugins/callout/Question.h"

#include <Poco/Exception.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstddef>
#include <string_view>

namespace gnatsd::callout {

namespace {

constexpr std::string_view kAddress = "address";

struct Field {
    std::string_view name;
    std::string_view value;
};

std::array<Field, 11> fieldsOf(const sdk::ConnectRequest& request) {
    return {{{"user", request.user},
             {"password", request.password},
             {"token", request.token},
             {"jwt", request.jwt},
             {"client_name", request.clientName},
             {"client_language", request.clientLanguage},
             {"client_version", request.clientVersion},
             {kAddress, request.peerAddress},
             {"transport", request.transport},
             {"tls_subject", request.tlsSubject},
             {"tls_common_name", request.tlsCommonName}}};
}

std::string_view withoutPort(std::string_view address) {
    return address.substr(0, address.rfind(':'));
}

void appendQuoted(std::string& out, std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 0xfU];
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace

Body::~Body() {
    OPENSSL_cleanse(text_.data(), text_.size());
}

bool hasCredentials(const sdk::ConnectRequest& request) noexcept {
    return !request.user.empty() || !request.password.empty() || !request.token.empty() ||
           !request.jwt.empty() || !request.tlsSubject.empty() || !request.tlsCommonName.empty();
}

Keys::Keys() {
    if (RAND_bytes(secret_.data(), static_cast<int>(secret_.size())) != 1) {
        throw Poco::RuntimeException("no random bytes");
    }
}

Keys::~Keys() {
    OPENSSL_cleanse(secret_.data(), secret_.size());
}

Keys::Key Keys::of(const sdk::ConnectRequest& request) const {
    // With the length of each value in front, so that no two clients give the same text.
    std::string text;
    std::size_t most = 0;
    for (const Field& field : fieldsOf(request)) {
        most += field.value.size() + 24;
    }
    text.reserve(most);
    for (const Field& field : fieldsOf(request)) {
        const bool isAddress = field.name == kAddress;
        const std::string_view value = isAddress ? withoutPort(field.value) : field.value;
        text += std::to_string(value.size());
        text += ':';
        text += value;
    }
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
    OPENSSL_cleanse(text.data(), text.size());
    return {reinterpret_cast<const char*>(digest), size};
}

std::string questionOf(const sdk::ConnectRequest& request) {
    std::string json;
    std::size_t most = 2;
    for (const Field& field : fieldsOf(request)) {
        most += 6 * field.value.size() + 24;
    }
    json.reserve(most);  // or a copy of a secret would stay behind in memory given back
    json += '{';
    for (const Field& field : fieldsOf(request)) {
        if (!field.value.empty()) {
            json += json.size() == 1 ? "\"" : ",\"";
            json += field.name;
            json += "\":";
            appendQuoted(json, field.value);
        }
    }
    json += '}';
    return json;
}

}  // namespace gnatsd::callout
