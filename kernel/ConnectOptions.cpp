#include "kernel/ConnectOptions.h"

#include "kernel/ConnectJson.h"
#include "kernel/Text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>

namespace gnatsd::kernel {

namespace {

using Token = ConnectJson::Token;

struct BoolField {
    std::string_view key;
    bool ConnectOptions::*member;
};

struct StringField {
    std::string_view key;
    std::string ConnectOptions::*member;
};

constexpr BoolField kBools[] = {
    {"verbose", &ConnectOptions::verbose},
    {"pedantic", &ConnectOptions::pedantic},
    {"echo", &ConnectOptions::echo},
    {"headers", &ConnectOptions::headers},
    {"no_responders", &ConnectOptions::noResponders},
    {"tls_required", &ConnectOptions::tlsRequired},
    {"ssl_required", &ConnectOptions::tlsRequired},
    {"new_account", &ConnectOptions::newAccount},
};

constexpr StringField kStrings[] = {
    {"user", &ConnectOptions::user},
    {"pass", &ConnectOptions::pass},
    {"auth_token", &ConnectOptions::authToken},
    {"nkey", &ConnectOptions::nkey},
    {"sig", &ConnectOptions::sig},
    {"jwt", &ConnectOptions::jwt},
    {"account", &ConnectOptions::account},
    {"name", &ConnectOptions::name},
    {"lang", &ConnectOptions::lang},
    {"version", &ConnectOptions::version},
};

/// Keys are matched as the original does, without case (CP-31).
std::string lowered(std::string key) {
    for (char& c : key) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return key;
}

/// A number outside `int` stays outside 0..1 and is CP-33's business; a fraction, an exponent or
/// more than 64 bits is not an integer.
bool readInt(std::string_view digits, int& out) noexcept {
    std::int64_t wide = 0;
    const char* const end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, wide);
    if (result.ec != std::errc() || result.ptr != end) {
        return false;
    }
    out = static_cast<int>(std::clamp<std::int64_t>(wide, std::numeric_limits<int>::min(),
                                                    std::numeric_limits<int>::max()));
    return true;
}

/// Passes over the value that `token` begins; false when it is broken.
bool skipValue(ConnectJson& json, Token token) {
    if (token != Token::objectBegin && token != Token::arrayBegin) {
        return token != Token::error;
    }
    const std::size_t outside = json.depth() - 1;
    while (json.depth() > outside) {
        if (json.next() == Token::error) {
            return false;
        }
    }
    return true;
}

bool readMember(ConnectJson& json, ConnectOptions& options) {
    const std::string key = lowered(json.text());
    const Token token = json.next();
    if (token == Token::null) {
        return true;
    }
    const auto isKey = [&key](const auto& field) { return field.key == key; };
    if (const auto* field = std::find_if(std::begin(kBools), std::end(kBools), isKey);
        field != std::end(kBools)) {
        options.*(field->member) = token == Token::boolTrue;
        return token == Token::boolTrue || token == Token::boolFalse;
    }
    if (const auto* field = std::find_if(std::begin(kStrings), std::end(kStrings), isKey);
        field != std::end(kStrings)) {
        if (token != Token::string) {
            return false;
        }
        options.*(field->member) = json.text();
        return true;
    }
    if (key == "protocol") {
        return token == Token::number && readInt(json.raw(), options.protocol);
    }
    return skipValue(json, token);
}

}  // namespace

bool ConnectOptions::merge(std::string_view text) {
    ConnectJson json(text);
    const Token first = json.next();
    if (first == Token::null) {
        return json.next() == Token::end;
    }
    if (first != Token::objectBegin) {
        return false;
    }
    ConnectOptions merged = *this;
    Token token = json.next();
    for (; token == Token::key; token = json.next()) {
        if (!readMember(json, merged)) {
            return false;
        }
    }
    if (token != Token::objectEnd || json.next() != Token::end) {
        return false;
    }
    *this = std::move(merged);
    return true;
}

std::string ConnectOptions::label() const {
    std::string out;
    const auto add = [&out](std::string_view prefix, const std::string& part) {
        if (part.empty()) {
            return;
        }
        out += out.empty() ? "" : ":";
        out += prefix;
        out += part;
    };
    add("v", version);
    add("", lang);
    add("", name);
    return out.empty() ? out : quote(out);
}

}  // namespace gnatsd::kernel
