// The part of Document that looks elsewhere: variables (CFG-60 to CFG-67), includes (CFG-70 to
// CFG-74).

#include "kernel/Text.h"
#include "plugins/host/conf/Document.h"
#include "plugins/host/conf/Excerpt.h"
#include "plugins/host/conf/ParseError.h"
#include "plugins/host/conf/Secrets.h"

#include <algorithm>
#include <filesystem>

namespace gnatsd::host::conf {

namespace {

constexpr char kPathHint[] = "a path that begins like this needs quotes";

const std::string& shownText(const ParseError& error) {
    return error.details().shown.empty() ? error.message() : error.details().shown;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

/// CFG-72. Written out, since a path's operator/ would let an absolute one win.
std::string besideFile(const std::string& file, const std::string& path) {
    const std::string folder = std::filesystem::path(file).parent_path().string();
    const std::string joined = (folder.empty() ? "." : folder) + "/" + path;
    return std::filesystem::path(joined).lexically_normal().string();
}

}  // namespace

Value Document::reference(const std::string& name, std::size_t begin, const Place& place) {
    const auto share = [&](const Value& value) {
        if (depth_ + value.depth() > kMaxDepth) {
            in_.syntaxError(begin, "Maps and arrays are nested more than " +
                                       std::to_string(kMaxDepth) + " deep.");
        }
        if (!session_.share(value)) {
            refuseReference(name, begin, "could not be parsed: the configuration gets too large",
                            {}, "variables refer to variables with many values");
        }
        return value.at(place);
    };
    const auto use = [&](Entry& entry) {
        entry.used = true;
        return share(entry.value);
    };
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (Entry* const entry = (*scope)->find(name)) {
            return use(*entry);
        }
    }
    if (const std::optional<Value> value = fromEnvironment(name, begin)) {
        return share(*value);
    }
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (Entry* const entry = (*scope)->findIgnoringCase(name)) {
            return use(*entry);
        }
    }
    refuseReference(name, begin, "can not be found", {}, hintForVariable(name));
}

/// CFG-64, CFG-65
std::optional<Value> Document::fromEnvironment(const std::string& name, std::size_t begin) {
    const auto known = session_.variables.find(name);
    if (known != session_.variables.end()) {
        return known->second;
    }
    const std::optional<std::string> text = session_.environment.get(name);
    if (!text) {
        return std::nullopt;
    }
    constexpr char kFailed[] = "could not be parsed: ";
    if (contains(session_.openVariables, name)) {
        refuseReference(name, begin, kFailed + ("variable reference cycle for '" + name + "'"),
                        in_.hides() ? kFailed + std::string("variable reference cycle") : "",
                        "an environment variable refers to itself");
    }
    if (session_.openVariables.size() >= kMaxReferences) {
        refuseReference(name, begin,
                        kFailed + ("more than " + std::to_string(kMaxReferences)) +
                            " variables refer to one another",
                        {}, {});
    }
    session_.openVariables.push_back(name);
    try {
        const std::string entry = "pk=" + *text;
        const bool secret = in_.hides() || isSecretName(name);
        const Map map = Document(session_, entry, "$" + name, depth_, secret).parse();
        session_.openVariables.pop_back();
        return session_.variables.emplace(name, map.find("pk")->value).first->second;
    } catch (const ParseError& error) {
        session_.openVariables.pop_back();
        refuseReference(name, begin, kFailed + error.message(), kFailed + shownText(error),
                        "this is about the value of the environment variable; one with blanks "
                        "needs quotes inside it");
    }
}

/// CFG-67
void Document::refuseReference(const std::string& name, std::size_t begin,
                               const std::string& reason, const std::string& shownReason,
                               const std::string& hint) const {
    const auto sentence = [&](const std::string& shownName, const std::string& why) {
        return "variable reference for '" + shownName + "' on line " + std::to_string(in_.line()) +
               " " + why;
    };
    const bool shown = !in_.hides() || isPlainReference("$" + name);
    in_.fail({begin, sentence(name, reason), hint,
              sentence(shown ? name : "[hidden]", shownReason.empty() ? reason : shownReason)});
}

void Document::include() {
    while (!in_.atNewline() && in_.spaceSize() > 0) {
        in_.skipTo(in_.position() + in_.spaceSize());
    }
    const std::size_t begin = in_.position();
    const std::string path = includePath();
    const Value& file = included(path, begin);
    // The values go into the map that is open here: one level less than the file's own.
    if (depth_ + file.depth() - 1 > kMaxDepth) {
        refuseInclude(
            path, begin,
            "maps and arrays are nested more than " + std::to_string(kMaxDepth) + " deep");
    }
    if (!session_.share(file)) {
        refuseInclude(path, begin, "the configuration gets too large");
    }
    for (const Entry& entry : file.map()->entries) {
        scopes_.back()->set(entry);
    }
    note(Recent::Form::include, begin);
}

/// CFG-71
std::string Document::includePath() {
    const std::size_t begin = in_.position();
    const char c = in_.peek();
    if (c == '"' || c == '\'') {
        return readQuoted(in_, "Unexpected EOF.");
    }
    const char* wrong = nullptr;
    if (in_.atEnd()) {
        wrong = "EOF";
    } else if (in_.atNewline()) {
        in_.takeFound();
        wrong = "new line";
    } else if (c == '[') {
        wrong = "start of an array";
    } else if (c == '{') {
        wrong = "start of a map";
    } else if (c == '(') {
        wrong = "start of a block";
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        wrong = "start of a number";
    } else if (c == '\\') {
        wrong = "escape sequence";
    }
    if (wrong != nullptr) {
        in_.syntaxError(begin, std::string("Expected include value but found ") + wrong, kPathHint);
    }
    constexpr std::string_view kEnds = " \t\r\n;}'";
    in_.skipTo(std::min(in_.text().find_first_of(kEnds, begin), in_.text().size()));
    std::string path(in_.textFrom(begin));
    if (in_.peek() == '\'') {
        in_.advance();
    }
    return path;
}

/// CFG-72
const Value& Document::included(const std::string& path, std::size_t begin) {
    try {
        try {
            return parsedFile(path, besideFile(in_.name(), path), begin);
        } catch (const Poco::FileNotFoundException&) {
            if (!std::filesystem::path(path).is_absolute()) {
                throw;
            }
            return parsedFile(path, path, begin);
        }
    } catch (const Poco::FileException& error) {
        refuseInclude(path, begin, error.message());
    }
}

/// Throws Poco::FileException if the file itself cannot be read.
const Value& Document::parsedFile(const std::string& path, const std::string& file,
                                  std::size_t begin) {
    const auto known = session_.files.find(file);
    if (known != session_.files.end()) {
        return known->second;
    }
    if (contains(session_.openFiles, file)) {
        refuseInclude(path, begin, file + " includes itself");
    }
    if (session_.openFiles.size() > kMaxIncludes) {
        refuseInclude(
            path, begin,
            "files include one another more than " + std::to_string(kMaxIncludes) + " deep");
    }
    const std::string text = session_.environment.read(file);
    session_.openFiles.push_back(file);
    try {
        Map map = Document(session_, text, file, depth_, in_.hides()).parse();
        session_.openFiles.pop_back();
        return session_.files.emplace(file, Value(std::move(map), {})).first->second;
    } catch (const ParseError& error) {
        session_.openFiles.pop_back();
        const std::string prefix = "error parsing include file '" + path + "', ";
        const Spot spot = spotOf(in_.text(), begin);
        ParseError::Details details = error.details();
        details.shown = prefix + shownText(error);
        details.trail += "\nincluded from " + kernel::escapeControls(in_.name()) + ":" +
                         std::to_string(spot.line) + ":" + std::to_string(spot.column);
        throw ParseError(prefix + error.message(), details);
    }
}

/// CFG-74
void Document::refuseInclude(const std::string& path, std::size_t begin,
                             const std::string& reason) const {
    in_.fail({begin, "error parsing include file '" + path + "', " + reason, {}, {}});
}

}  // namespace gnatsd::host::conf
