// Redaction of CONNECT arguments. What is JSON is redacted by its structure. In anything else
// quotes cannot be trusted, so every occurrence of a secret's name counts, and whatever follows it
// and is not plainly one value is hidden up to the end.

#include "kernel/ConnectJson.h"
#include "kernel/Text.h"

#include <algorithm>
#include <iterator>

namespace gnatsd::kernel {

namespace {

using Token = ConnectJson::Token;

constexpr std::string_view kMark = "[REDACTED]";
constexpr std::string_view kQuotedMark = "\"[REDACTED]\"";

// Longer names stand before their own beginnings.
constexpr std::string_view kSecrets[] = {"password", "pass", "auth_token", "jwt", "nkey", "sig"};

constexpr std::string_view kBlanks = " \t\r\n";

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isWordCharacter(char c) noexcept {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool isSecret(std::string_view key) noexcept {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return std::any_of(std::begin(kSecrets), std::end(kSecrets), [&](std::string_view secret) {
        return std::equal(key.begin(), key.end(), secret.begin(), secret.end(), same);
    });
}

/// Redacts into `out`; false when the text is not one JSON object.
bool redactObject(std::string_view text, std::string& out) {
    ConnectJson json(text);
    if (json.next() != Token::objectBegin) {
        return false;
    }
    std::size_t copied = 0;
    for (Token token = json.next(); token != Token::end; token = json.next()) {
        if (token == Token::error) {
            return false;
        }
        if (token != Token::key || !isSecret(json.text())) {
            continue;
        }
        const std::size_t outside = json.depth();
        token = json.next();
        const std::size_t begin = json.tokenBegin();
        const bool quoted = token == Token::string;
        while (token != Token::error && json.depth() > outside) {
            token = json.next();
        }
        if (token == Token::error) {
            return false;
        }
        out += text.substr(copied, begin - copied);
        out += quoted ? kQuotedMark : kMark;
        copied = json.tokenEnd();
    }
    out += text.substr(copied);
    return true;
}

/// One character of a name at `at`, a \u00XX escape decoded; `size` is its width in the text.
char nameCharacter(std::string_view text, std::size_t at, std::size_t& size) noexcept {
    constexpr std::string_view kDigits = "0123456789abcdef";
    size = 1;
    if (text.substr(at, 4) != "\\u00" || text.size() - at < 6) {
        return text[at];
    }
    const std::size_t high = kDigits.find(lower(text[at + 4]));
    const std::size_t low = kDigits.find(lower(text[at + 5]));
    if (high == std::string_view::npos || low == std::string_view::npos) {
        return text[at];
    }
    size = 6;
    return static_cast<char>(high * 16 + low);
}

/// The end of the secret's name that begins at `at`, or npos.
std::size_t nameEnd(std::string_view text, std::size_t at) noexcept {
    for (const std::string_view secret : kSecrets) {
        std::size_t position = at;
        std::size_t matched = 0;
        while (matched < secret.size() && position < text.size()) {
            std::size_t size = 0;
            if (lower(nameCharacter(text, position, size)) != secret[matched]) {
                break;
            }
            position += size;
            ++matched;
        }
        if (matched == secret.size() &&
            (position == text.size() || !isWordCharacter(text[position]))) {
            return position;
        }
    }
    return std::string_view::npos;
}

std::size_t skipBlanks(std::string_view text, std::size_t at) noexcept {
    return std::min(text.find_first_not_of(kBlanks, at), text.size());
}

/// Where the value ends that begins at `at`, provided that it is plainly one: a string, number or
/// literal with an end of member behind it. Otherwise npos.
std::size_t plainValueEnd(std::string_view text, std::size_t at) noexcept {
    std::size_t end = at;
    if (at < text.size() && text[at] == '"') {
        for (++end; end < text.size() && text[end] != '"'; ++end) {
            end += text[end] == '\\' ? 1 : 0;
        }
        if (end >= text.size()) {
            return std::string_view::npos;
        }
        ++end;
    } else {
        end = std::min(text.find_first_not_of("0123456789+-.eE", at), text.size());
        for (const std::string_view word : {"true", "false", "null"}) {
            end = text.substr(at, word.size()) == word ? at + word.size() : end;
        }
        if (end == at) {
            return std::string_view::npos;
        }
    }
    std::size_t next = skipBlanks(text, end);
    if (next < text.size() && text[next] == ',') {
        next = skipBlanks(text, next + 1);
        return next == text.size() || text[next] == '"' || text[next] == '}' ? end : text.npos;
    }
    return next == text.size() || text[next] == '}' || text[next] == ']' ? end : text.npos;
}

std::string redactBroken(std::string_view text) {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t afterName = nameEnd(text, at);
        if (afterName == std::string_view::npos || (at > 0 && isWordCharacter(text[at - 1]))) {
            continue;
        }
        std::size_t value = afterName;
        if (value < text.size() && text[value] == '"') {
            ++value;
        }
        value = skipBlanks(text, value);
        const bool colon = value < text.size() && text[value] == ':';
        value = colon ? skipBlanks(text, value + 1) : value;
        const std::size_t end = colon ? plainValueEnd(text, value) : std::string_view::npos;
        out += text.substr(copied, value - copied);
        out += value < text.size() && text[value] == '"' && end != text.npos ? kQuotedMark : kMark;
        if (end == std::string_view::npos) {
            return out;
        }
        copied = end;
        at = end - 1;
    }
    out += text.substr(copied);
    return out;
}

}  // namespace

std::string redactConnect(std::string_view json) {
    std::string out;
    return redactObject(json, out) ? out : redactBroken(json);
}

std::string_view safeToLog(std::string_view input) noexcept {
    constexpr std::string_view kConnect = "connect";
    const auto same = [](char a, char b) { return lower(a) == b; };
    const auto* connect =
        std::search(input.begin(), input.end(), kConnect.begin(), kConnect.end(), same);
    if (connect != input.end()) {
        input =
            input.substr(0, static_cast<std::size_t>(connect - input.begin()) + kConnect.size());
    }
    // A misspelt CONNECT, or one that a wrong payload size cut, has no such name.
    input = input.substr(0, input.find('{'));
    for (std::size_t at = 0; at < input.size(); ++at) {
        if (nameEnd(input, at) != std::string_view::npos) {
            return input.substr(0, at);
        }
    }
    return input;
}

}  // namespace gnatsd::kernel
