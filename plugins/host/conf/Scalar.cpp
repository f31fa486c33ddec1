#include "plugins/host/conf/Scalar.h"

#include "kernel/Text.h"
#include "plugins/host/conf/MapBuilder.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace gnatsd::host::conf {

namespace {

constexpr char kEscapes[] =
    "Only the following escape characters are allowed: \\xXX, \\t, \\n, \\r, \\\", \\\\.";
constexpr char kEscapeHint[] =
    "a backslash in double quotes is written \\\\; in single quotes it needs nothing";

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// CFG-33
bool endsText(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';' || c == ',' || c == ']' ||
           c == '}';
}

std::string beginsOnLine(const Reader& in, std::size_t opened, const char* what) {
    const auto lines =
        std::count(in.text().begin() + static_cast<std::ptrdiff_t>(opened), in.text().end(), '\n');
    const int total = in.line();
    return std::string(what) + " that begins on line " +
           std::to_string(total - static_cast<int>(lines)) + " has no end";
}

int hexDigit(char c) noexcept {
    if (isDigit(c)) {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The two digits of \xHH.
char readHex(Reader& in, std::size_t begin) {
    const std::size_t digits = in.position();
    for (int i = 0; i < 2; ++i) {
        if (in.atEnd() || in.atNewline()) {
            in.takeFound();
            in.syntaxError(begin,
                           "Expected two hexadecimal digits after '\\x', but hit end of line",
                           kEscapeHint);
        }
        in.advance();
    }
    const int high = hexDigit(in.text()[digits]);
    const int low = hexDigit(in.text()[digits + 1]);
    if (high < 0 || low < 0) {
        in.syntaxError(begin,
                       "Expected two hexadecimal digits after '\\x', but got '" +
                           kernel::escapeControls(in.textFrom(digits)) + "'",
                       kEscapeHint);
    }
    return static_cast<char>(high * 16 + low);
}

/// CFG-34. Requires: a backslash comes next.
char readEscape(Reader& in) {
    const std::size_t begin = in.position();
    in.advance();
    const char c = in.peek();
    if (c == 'x') {
        in.advance();
        return readHex(in, begin);
    }
    constexpr std::string_view kNames = "tnr\"\\";
    constexpr std::string_view kMeanings = "\t\n\r\"\\";
    const std::size_t index = in.atEnd() ? std::string_view::npos : kNames.find(c);
    if (index == std::string_view::npos) {
        const std::string found = in.takeFound();
        in.syntaxError(begin, "Invalid escape character '" + found + "'. " + kEscapes, kEscapeHint);
    }
    in.advance();
    return kMeanings[index];
}

Scalar readDoubleQuoted(Reader& in) {
    const std::size_t opened = in.position();
    in.advance();
    std::string text;
    for (;;) {
        const std::size_t stop = in.text().find_first_of("\"\\", in.position());
        const std::size_t part = in.position();
        in.skipTo(std::min(stop, in.text().size()));
        text += in.textFrom(part);
        if (in.atEnd()) {
            in.syntaxError(opened, "Unexpected EOF.",
                           beginsOnLine(in, opened, "the double quote") + ": close it");
        }
        if (in.peek() == '"') {
            in.advance();
            return {Scalar::Kind::quoted, std::move(text)};
        }
        text += readEscape(in);
    }
}

/// CFG-36, CFG-37
Scalar readBlock(Reader& in) {
    const std::size_t opened = in.position();
    const std::string_view text = in.text();
    for (std::size_t at = text.find("\n)", opened); at != std::string_view::npos;
         at = text.find("\n)", at + 1)) {
        const std::string_view rest = text.substr(at + 2, 2);
        if (rest.empty() || rest[0] == '\n' || rest == "\r\n") {
            in.skipTo(at + 2);
            return {Scalar::Kind::block, std::string(in.slice(opened + 1, at + 1))};
        }
    }
    in.skipTo(text.size());
    in.syntaxError(opened, "Unexpected EOF processing block.",
                   beginsOnLine(in, opened, "the block") +
                       ": it needs a line with nothing but `)`; a text with parentheses "
                       "needs quotes");
}

std::optional<bool> booleanOf(const std::string& text) {
    constexpr std::string_view kTrue[] = {"true", "yes", "on"};
    constexpr std::string_view kFalse[] = {"false", "no", "off"};
    if (text.size() > kFalse[0].size()) {
        return std::nullopt;
    }
    const std::string word = folded(text);
    if (std::find(std::begin(kTrue), std::end(kTrue), word) != std::end(kTrue)) {
        return true;
    }
    if (std::find(std::begin(kFalse), std::end(kFalse), word) != std::end(kFalse)) {
        return false;
    }
    return std::nullopt;
}

/// CFG-61: a text that begins with `$` and is a hash, not a reference. What the originals do not
/// know has to be whole: 22 characters of salt and 31 of hash.
bool isHash(std::string_view text) {
    if (text.substr(0, 4) == "$2a$") {
        return true;
    }
    constexpr std::size_t kWhole = 60;
    constexpr std::string_view kVersions = "bxy";
    const auto isLetter = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '/';
    };
    return text.size() == kWhole && text[1] == '2' && kVersions.find(text[2]) != text.npos &&
           text[3] == '$' && isDigit(text[4]) && isDigit(text[5]) && text[6] == '$' &&
           std::all_of(text.begin() + 7, text.end(), isLetter);
}

}  // namespace

std::string readQuoted(Reader& in, const char* atEof) {
    const std::size_t opened = in.position();
    const char quote = in.peek();
    const std::size_t closed = in.text().find(quote, opened + 1);
    if (closed == std::string_view::npos) {
        in.skipTo(in.text().size());
        in.syntaxError(
            opened, atEof,
            beginsOnLine(in, opened, quote == '"' ? "the double quote" : "the single quote") +
                ": close it");
    }
    in.skipTo(closed + 1);
    return std::string(in.slice(opened + 1, closed));
}

Scalar readUnquoted(Reader& in) {
    std::string text;
    bool escaped = false;
    while (!in.atEnd() && !endsText(in.peek())) {
        const char c = in.peek();
        if (c == '\\') {
            text += readEscape(in);
            escaped = true;
            continue;
        }
        in.advance();
        if (c == '\'') {
            break;
        }
        text += c;
    }
    if (escaped || text.empty()) {
        return {Scalar::Kind::text, std::move(text)};
    }
    if (const std::optional<bool> boolean = booleanOf(text)) {
        return {Scalar::Kind::word, *boolean};
    }
    if (text.front() == '$' && !isHash(text)) {
        return {Scalar::Kind::reference, text.substr(1)};
    }
    return {Scalar::Kind::text, std::move(text)};
}

Scalar readScalar(Reader& in) {
    const char c = in.peek();
    if (c == '"') {
        return readDoubleQuoted(in);
    }
    if (c == '\'') {
        return {Scalar::Kind::quoted, readQuoted(in, "Unexpected EOF.")};
    }
    if (c == '(') {
        return readBlock(in);
    }
    if (c == '-' || isDigit(c)) {
        return readNumber(in);
    }
    if (c == '.') {
        in.syntaxError(in.position(), "Floats must start with a digit",
                       "write 0.5 for .5; a text that begins with a point needs quotes");
    }
    return readUnquoted(in);
}

}  // namespace gnatsd::host::conf
