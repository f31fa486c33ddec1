#include "plugins/host/conf/Secrets.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace gnatsd::host::conf {

namespace {

constexpr std::string_view kSecretParts[] = {"pass", "token", "secret",    "seed",
                                             "jwt",  "nkey",  "credential"};
constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kEndOfKey = " \t\r=:\"',;{}[]()";
constexpr std::string_view kEndOfText = " \t\r,;]}'";
constexpr std::string_view kBetweenTokens = " \t\"',;=[{(";

constexpr std::size_t kNone = std::string_view::npos;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isWord(char c) noexcept {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::size_t skip(std::string_view line, std::string_view characters, std::size_t at) {
    return std::min(line.find_first_not_of(characters, at), line.size());
}

std::size_t until(std::string_view line, std::string_view characters, std::size_t at) {
    return std::min(line.find_first_of(characters, at), line.size());
}

/// Whether an entry begins at `at`: a word and a separator. Then what stands before it was whole.
bool entryBegins(std::string_view line, std::size_t at) {
    at = skip(line, kBlanks, at);
    const std::size_t quoted = at < line.size() && (line[at] == '"' || line[at] == '\'') ? 1 : 0;
    std::size_t end = at + quoted;
    while (end < line.size() && isWord(line[end])) {
        ++end;
    }
    if (end == at + quoted || end + quoted > line.size()) {
        return false;
    }
    const std::size_t separator = skip(line, kBlanks, end + quoted);
    return separator < line.size() && (line[separator] == ':' || line[separator] == '=');
}

/// Where the value ends that begins at `at`, provided that it is plainly one; else the line's end.
std::size_t valueEnd(std::string_view line, std::size_t at) {
    std::size_t end = at;
    if (line[at] == '"') {
        for (++end; end < line.size() && line[end] != '"'; ++end) {
            end += line[end] == '\\' ? 1 : 0;
        }
        ++end;
    } else if (line[at] == '\'') {
        end = line.find('\'', at + 1);
        end = end == kNone ? line.size() + 1 : end + 1;
    } else if (line[at] == '(' || line[at] == '[' || line[at] == '{') {
        return line.size();
    } else {
        end = until(line, kEndOfText, at);
    }
    if (end > line.size()) {
        return line.size();
    }
    std::size_t next = skip(line, kBlanks, end);
    while (next < line.size() && (line[next] == '}' || line[next] == ']')) {
        next = skip(line, kBlanks, next + 1);
    }
    if (next == line.size()) {
        return end;
    }
    const bool separated = line[next] == ',' || line[next] == ';';
    const std::size_t after = skip(line, kBlanks, next + 1);
    const bool whole = separated && (after == line.size() || line[after] == '{' ||
                                     line[after] == '}' || entryBegins(line, after));
    return whole ? end : line.size();
}

void addKeyed(std::string_view line, std::vector<Span>& spans) {
    for (std::size_t at = 0; at < line.size();) {
        if (!isWord(line[at])) {
            ++at;
            continue;
        }
        std::size_t end = until(line, kEndOfKey, at);
        const std::string_view name = line.substr(at, end - at);
        at = end;
        if (!isSecretName(name)) {
            continue;
        }
        end += end < line.size() && (line[end] == '"' || line[end] == '\'') ? 1 : 0;
        std::size_t value = skip(line, kBlanks, end);
        if (value < line.size() && (line[value] == '=' || line[value] == ':')) {
            value = skip(line, kBlanks, value + 1);
        }
        if (value >= line.size() || line[value] == ',' || line[value] == ';') {
            at = value;
            continue;
        }
        at = valueEnd(line, value);
        if (!isPlainReference(line.substr(value, at - value))) {
            spans.push_back({value, at});
        }
    }
}

/// The part before each `@`: all of it in scheme://token@, what follows the colon otherwise.
void addUserInfo(std::string_view line, std::vector<Span>& spans) {
    std::size_t authority = kNone;
    std::size_t colon = kNone;  // the first one behind the beginning of either
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (c == '@' && colon != kNone) {
            spans.push_back({colon + 1, at});
        } else if (c == '@' && authority != kNone) {
            spans.push_back({authority, at});
        } else if (line.substr(at, 3) == "://") {
            at += 2;
            authority = at + 1;
            colon = kNone;
        } else if (c == ':' && colon == kNone) {
            colon = at;
        } else if (authority == kNone && kBetweenTokens.find(c) != kNone) {
            colon = kNone;
        }
    }
}

void addHashes(std::string_view line, std::vector<Span>& spans) {
    for (std::size_t at = line.find("$2"); at != kNone; at = line.find("$2", at + 1)) {
        if (at + 3 < line.size() && line[at + 3] == '$' &&
            std::isalpha(static_cast<unsigned char>(line[at + 2])) != 0) {
            spans.push_back({at, until(line, " \t\r,;]}'\"", at)});
        }
    }
}

}  // namespace

bool isSecretName(std::string_view name) {
    const auto same = [](char a, char b) { return lower(a) == b; };
    return std::any_of(std::begin(kSecretParts), std::end(kSecretParts), [&](auto part) {
        return std::search(name.begin(), name.end(), part.begin(), part.end(), same) != name.end();
    });
}

bool isPlainReference(std::string_view text) {
    const auto capital = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return text.size() > 1 && text.front() == '$' && !(text[1] >= '0' && text[1] <= '9') &&
           std::all_of(text.begin() + 1, text.end(), capital);
}

std::vector<Span> secretSpans(std::string_view line) {
    std::vector<Span> found;
    addKeyed(line, found);
    addUserInfo(line, found);
    addHashes(line, found);
    std::sort(found.begin(), found.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    std::vector<Span> merged;
    for (const Span& span : found) {
        if (span.begin == span.end) {
            continue;
        }
        if (!merged.empty() && span.begin <= merged.back().end) {
            merged.back().end = std::max(merged.back().end, span.end);
        } else {
            merged.push_back(span);
        }
    }
    return merged;
}

}  // namespace gnatsd::host::conf
