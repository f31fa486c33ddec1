#include "plugins/host/conf/Hints.h"

#include "plugins/host/conf/Excerpt.h"

#include <algorithm>
#include <cctype>

namespace gnatsd::host::conf {

namespace {

using Form = Recent::Form;
using Kind = Scalar::Kind;

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Whether nothing that could be a secret stands before it on its line.
bool isFirstOnLine(std::string_view text, std::size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) {
        --at;
    }
    return at == 0 || text[at - 1] == '\n';
}

bool isNumeric(const Recent& recent) {
    return recent.form == Form::scalar &&
           (recent.kind == Kind::integer || recent.kind == Kind::real ||
            recent.kind == Kind::address || recent.kind == Kind::date);
}

/// What is wrong with the value itself; empty if it is what stands behind it.
std::string hintForValue(std::string_view text, const Recent& recent, char next) {
    const std::string_view value = text.substr(recent.begin, recent.end - recent.begin);
    if (recent.form != Form::scalar || value.empty()) {
        return recent.form == Form::array && next == ':'
                   ? "an IPv6 address needs quotes, as in \"[::1]:4222\""
                   : "";
    }
    if (recent.kind == Kind::quoted) {
        return value.find('\n') == std::string_view::npos
                   ? ""
                   : "the string that begins on line " +
                         std::to_string(spotOf(text, recent.begin).line) +
                         " ends here: is a quote missing?";
    }
    if (value.front() == '=' || value == ":") {
        return "one separator between key and value is enough";
    }
    if (value.front() == '#' || value.substr(0, 2) == "//") {
        return "a comment cannot stand between a key and its value";
    }
    if (recent.kind == Kind::integer && (value.back() | 0x20) == 'm' && isDigit(next)) {
        return "durations in minutes need quotes, as in \"2m30s\"";
    }
    if (value.back() == '\'') {
        return "a single quote ends a text without quotes: put the text in double quotes";
    }
    return "";
}

std::string separators(Around around) {
    switch (around) {
        case Around::top:
            return "each entry needs a line of its own, or `;` or `,` before it";
        case Around::map:
            return "entries are separated by `,`, `;` or new lines";
        case Around::array:
            return "items are separated by `,` or new lines";
    }
    return {};
}

}  // namespace

std::string hintForKey(std::string_view text, std::size_t begin, std::size_t end) {
    if (end <= begin) {
        return {};
    }
    const std::string_view key = text.substr(begin, end - begin);
    const std::size_t brace = key.find_first_of("{[");
    if (brace == 0 || brace == std::string_view::npos) {
        return key.find_first_of("}]") == std::string_view::npos
                   ? ""
                   : "a closing brace behind a key belongs to the key: the value is missing";
    }
    const std::string_view name = key.substr(0, brace);
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
    const std::string shown = plain && isFirstOnLine(text, begin) ? std::string(name) : "cluster";
    return std::string("add a blank before the ") + (key[brace] == '{' ? "brace" : "bracket") +
           ": `" + shown + " " + key[brace] + "`";
}

std::string hintForMissingValue(std::string_view text, std::size_t keyBegin) {
    const std::size_t before = text.substr(0, keyBegin).find_last_not_of(" \t");
    if (before != std::string_view::npos && text[before] == ',') {
        return "this key has no value; a `,` ends a text without quotes: quote the text";
    }
    return "this key has no value";
}

std::string hintBehindValue(std::string_view text, const Recent& recent, std::size_t at,
                            Around around) {
    const char next = at < text.size() ? text[at] : '\0';
    std::string hint = hintForKey(text, recent.keyBegin, recent.keyEnd);
    if (hint.empty()) {
        hint = hintForValue(text, recent, next);
    }
    if (!hint.empty()) {
        return hint;
    }
    if (at >= text.size()) {
        return around == Around::array ? "a `]` is missing" : "a `}` is missing";
    }
    if (around == Around::top && next == ']') {
        return "no `[` is open here; a text with `]` needs quotes";
    }
    if (recent.end < text.size() && isNumeric(recent) && text[recent.end] != ' ' &&
        text[recent.end] != '\t') {
        return "quote it: a text that begins with a number needs quotes here";
    }
    const bool unquoted =
        recent.form == Form::scalar && recent.kind != Kind::quoted && recent.kind != Kind::block;
    return separators(around) + (unquoted ? "; a text with blanks in it: quote it" : "");
}

std::string hintForVariable(std::string_view name) {
    if (!name.empty() && name.front() == '{') {
        return "write $NAME, without braces";
    }
    if (name.size() > 2 && name[0] == '2' && name[2] == '$') {
        return "this looks like a cut bcrypt hash; other texts that begin with $ need quotes";
    }
    return "define it above, in this block or around it, or in the environment; a text that "
           "begins with $ needs quotes";
}

}  // namespace gnatsd::host::conf
