#include "plugins/host/conf/Document.h"

#include "plugins/host/conf/Excerpt.h"
#include "plugins/host/conf/Scalar.h"
#include "plugins/host/conf/Secrets.h"

namespace gnatsd::host::conf {

Map Document::parse() {
    MapBuilder top;
    scopes_.push_back(&top);
    readEntries(Level::top, 0);
    scopes_.pop_back();
    return top.take();
}

void Document::readEntries(Level level, std::size_t opened) {
    while (toKey(level, opened)) {
        const std::size_t hidden = in_.hiddenFrom();
        if (level == Level::top && in_.peek() == '{') {
            const std::size_t begin = in_.position();
            in_.advance();
            readEntries(Level::document, begin);
            recent_ = {};
            note(Recent::Form::map, begin);
        } else {
            readEntry(level);
        }
        // What is wrong behind a secret may be a part of it that should have been quoted.
        endEntry(level);
        in_.hideFrom(hidden);
    }
}

/// False at the end of what was opened at `opened`.
bool Document::toKey(Level level, std::size_t opened) {
    in_.skipSpace();
    while (in_.atComment()) {
        in_.skipComment();
        in_.skipSpace();
    }
    if (in_.atEnd()) {
        if (level != Level::top) {
            unclosed(opened, "Unexpected EOF processing map.");
        }
        return false;
    }
    if (in_.peek() == '}' && level != Level::top) {
        in_.advance();
        return false;
    }
    refuseAsKey(level);
    return true;
}

/// CFG-14, CFG-29
void Document::refuseAsKey(Level level) const {
    const char c = in_.peek();
    const std::string character(1, c);
    const std::size_t at = in_.position();
    switch (c) {
        case '=':
        case ':':
            in_.syntaxError(
                at, "Unexpected key separator '" + character + (level == Level::top ? "'" : "'."),
                "a key is missing; an empty one is written \"\"");
        case ',':
        case ';':
            in_.syntaxError(at, "Expected a key but found '" + character + "'",
                            "one `,` or `;` behind a value is enough");
        case '}':
            in_.syntaxError(at, "Unexpected map end '}'", "no `{` is open here");
        case ']':
            in_.syntaxError(at,
                            level == Level::map ? "Unexpected array end ']' processing map."
                                                : "Unexpected array end ']'",
                            "no `[` is open here");
        case '/':
            if (level == Level::top) {
                in_.syntaxError(at, "Unexpected EOF.", "comments begin with # or //");
            }
            return;
        default:
            return;
    }
}

void Document::readEntry(Level level) {
    const std::size_t begin = in_.position();
    const Place place = in_.place();
    const bool quoted = in_.peek() == '"' || in_.peek() == '\'';
    std::string key = readKey(level);
    recent_ = {};
    if (!quoted && in_.spaceSize() > 0 && folded(key) == "include") {
        include();
        return;
    }
    if (!quoted) {
        recent_.keyBegin = begin;
        recent_.keyEnd = in_.position();
    }
    if (!toValue(level, begin)) {
        scopes_.back()->set({std::move(key), Value(std::string(), place)});
        return;
    }
    const Recent ofKey = recent_;
    if (!in_.hides() && isSecretName(key)) {
        in_.hideFrom(in_.position());
    }
    Value value = readValue(place);
    recent_.keyBegin = ofKey.keyBegin;
    recent_.keyEnd = ofKey.keyEnd;
    scopes_.back()->set({std::move(key), std::move(value)});
}

std::string Document::readKey(Level level) {
    const char c = in_.peek();
    if (c == '"' || c == '\'') {
        return readQuoted(in_, level == Level::top ? "Unexpected EOF."
                                                   : "Unexpected EOF processing quoted map key.");
    }
    const std::size_t begin = in_.position();
    while (!in_.atEnd() && in_.peek() != '=' && in_.peek() != ':' && in_.spaceSize() == 0) {
        in_.advance();
    }
    return std::string(in_.textFrom(begin));
}

/// CFG-11, CFG-12. False if a separator is followed by nothing at all (CFG-19).
bool Document::toValue(Level level, std::size_t keyBegin) {
    in_.skipSpace();
    const bool separated = in_.peek() == '=' || in_.peek() == ':';
    const std::size_t separator = in_.position();
    if (separated) {
        in_.advance();
        in_.skipBlanks();
        while (in_.atNewline()) {
            if (level == Level::top) {
                in_.takeFound();
                in_.syntaxError(separator, "Expected value but found new line",
                                "the value has to begin on the line of the separator");
            }
            in_.advance();
            in_.skipBlanks();
        }
    }
    const auto hint = [&](const std::string& other) {
        const std::string found = hintForKey(in_.text(), recent_.keyBegin, recent_.keyEnd);
        return found.empty() ? other : found;
    };
    if (in_.atEnd() && level != Level::top) {
        in_.syntaxError(
            keyBegin,
            separated ? "Unexpected EOF processing map." : "Unexpected EOF processing map key.",
            hint("a `}` is missing"));
    }
    if (in_.atEnd() && !separated) {
        const std::string place = in_.place().text();
        in_.fail({keyBegin,
                  "config is invalid (" + place + ")",
                  hint(hintForMissingValue(in_.text(), keyBegin)),
                  {}});
    }
    if (level != Level::top && in_.peek() == ',') {
        in_.syntaxError(in_.position(), "Unexpected map value terminator \",\".",
                        "the value is missing");
    }
    if (level != Level::top && in_.peek() == '}') {
        in_.syntaxError(in_.position(), "Expected value but found map end '}'",
                        "the value is missing; an empty one is written \"\"");
    }
    return !in_.atEnd();
}

Value Document::readValue(const Place& place) {
    const std::size_t begin = in_.position();
    if (in_.peek() == '{') {
        enter();
        Map map = readMap();
        --depth_;
        note(Recent::Form::map, begin);
        return Value(std::move(map), place);
    }
    if (in_.peek() == '[') {
        enter();
        Array array = readArray();
        --depth_;
        note(Recent::Form::array, begin);
        return Value(std::move(array), place);
    }
    Scalar scalar = readScalar(in_);
    note(Recent::Form::scalar, begin, scalar.kind);
    if (scalar.kind == Scalar::Kind::reference) {
        return reference(std::get<std::string>(scalar.data), begin, place);
    }
    return Value(std::move(scalar.data), place);
}

Map Document::readMap() {
    const std::size_t opened = in_.position();
    in_.advance();
    MapBuilder map;
    scopes_.push_back(&map);
    readEntries(Level::map, opened);
    scopes_.pop_back();
    return map.take();
}

Array Document::readArray() {
    const std::size_t opened = in_.position();
    in_.advance();
    Array items;
    bool more = toItem(opened);
    while (more) {
        recent_ = {};
        const Place place = in_.place();
        items.push_back(readValue(place));
        recent_.keyEnd = recent_.keyBegin;
        more = endItem() && toItem(opened);
    }
    return items;
}

/// False at the end of the array.
bool Document::toItem(std::size_t opened) {
    in_.skipSpace();
    while (in_.atComment()) {
        in_.skipComment();
        in_.skipSpace();
    }
    if (in_.atEnd()) {
        unclosed(opened, "Unexpected EOF processing array.");
    }
    if (in_.peek() == ',') {
        in_.syntaxError(in_.position(), "Unexpected array value terminator ','.",
                        "an item is missing; an empty one is written \"\"");
    }
    if (in_.peek() != ']') {
        return true;
    }
    in_.advance();
    return false;
}

/// Behind the separator of an item (CFG-55); false if the array ends here.
bool Document::endItem() {
    bool newLine = false;
    for (;;) {
        const std::size_t before = in_.position();
        in_.skipSpace();
        newLine |= in_.textFrom(before).find_first_of("\r\n") != std::string_view::npos;
        if (!in_.atComment()) {
            break;
        }
        in_.skipComment();
    }
    const char c = in_.peek();
    if (c == ',' || c == ']') {
        in_.advance();
        return c == ',';
    }
    if (!newLine) {
        in_.syntaxError(in_.position(),
                        "Expected an array value terminator \",\" or an array terminator \"]\", "
                        "but got '" +
                            in_.found() + "' instead.",
                        hintBehindValue(in_.text(), recent_, in_.position(), Around::array));
    }
    return true;
}

/// CFG-13, CFG-21
void Document::endEntry(Level level) {
    in_.skipBlanks();
    while (level == Level::top && in_.peek() == '/' && !in_.atComment()) {
        in_.advance();
        in_.skipBlanks();
    }
    if (in_.atComment()) {
        in_.skipComment();
    }
    if (in_.atEnd() && level == Level::top) {
        return;
    }
    if (in_.atNewline() || in_.peek() == ',' || in_.peek() == ';') {
        in_.advance();
        return;
    }
    if (in_.peek() == '}') {
        if (level == Level::top) {
            in_.advance();
        }
        return;
    }
    const char* const expected =
        level == Level::map ? "Expected a map value terminator \",\" or a map terminator \"}\""
        : level == Level::top
            ? "Expected a top-level value to end with a new line, comment or EOF"
            : "Expected a block-level value to end with a new line, comment or EOF";
    const Around around = level == Level::top ? Around::top : Around::map;
    in_.syntaxError(in_.position(),
                    std::string(expected) + ", but got '" + in_.found() + "' instead.",
                    hintBehindValue(in_.text(), recent_, in_.position(), around));
}

void Document::enter() {
    if (++depth_ > kMaxDepth) {
        in_.syntaxError(in_.position(), "Maps and arrays are nested more than " +
                                            std::to_string(kMaxDepth) + " deep.");
    }
}

void Document::note(Recent::Form form, std::size_t begin, Scalar::Kind kind) {
    recent_.form = form;
    recent_.kind = kind;
    recent_.begin = begin;
    recent_.end = in_.position();
}

void Document::unclosed(std::size_t opened, const char* error) const {
    const int line = spotOf(in_.text(), opened).line;
    in_.syntaxError(opened, error,
                    std::string(in_.text()[opened] == '[' ? "the array" : "the map") +
                        " that begins on line " + std::to_string(line) + " has no end");
}

}  // namespace gnatsd::host::conf
