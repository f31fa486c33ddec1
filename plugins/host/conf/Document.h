// Document: one text of the configuration language, turned into a map: structure, variables and
// includes. Scalars are read by Scalar.h.
//
// Threads: main only.
// Lifetime: used once; views the session and the text.
// Cost: linear in the text. Its recursion is bounded by kMaxDepth, counted through includes and
// variables.

#pragma once

#include "plugins/host/conf/Hints.h"
#include "plugins/host/conf/MapBuilder.h"
#include "plugins/host/conf/Reader.h"
#include "plugins/host/conf/Session.h"
#include "plugins/host/conf/Value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::host::conf {

class Document {
public:
    /// `depth`: how deep the place is that this text is for.
    Document(Session& session, std::string_view text, const std::string& name, int depth = 0,
             bool secret = false)
        : session_(session), in_(text, name, secret), depth_(depth) {}

    /// All entries. Throws ParseError.
    Map parse();

private:
    /// `document` is what stands between the braces of the JSON form (CFG-20).
    enum class Level { top, document, map };

    // Document.cpp: entries and values
    void readEntries(Level level, std::size_t opened);
    bool toKey(Level level, std::size_t opened);
    void refuseAsKey(Level level) const;
    void readEntry(Level level);
    std::string readKey(Level level);
    bool toValue(Level level, std::size_t keyBegin);
    Value readValue(const Place& place);
    Map readMap();
    Array readArray();
    bool toItem(std::size_t opened);
    bool endItem();
    void endEntry(Level level);
    void enter();
    void note(Recent::Form form, std::size_t begin, Scalar::Kind kind = Scalar::Kind::text);
    [[noreturn]] void unclosed(std::size_t opened, const char* error) const;

    // References.cpp: variables and includes
    Value reference(const std::string& name, std::size_t begin, const Place& place);
    std::optional<Value> fromEnvironment(const std::string& name, std::size_t begin);
    [[noreturn]] void refuseReference(const std::string& name, std::size_t begin,
                                      const std::string& reason, const std::string& shownReason,
                                      const std::string& hint) const;
    void include();
    std::string includePath();
    const Value& included(const std::string& path, std::size_t begin);
    const Value& parsedFile(const std::string& path, const std::string& file, std::size_t begin);
    [[noreturn]] void refuseInclude(const std::string& path, std::size_t begin,
                                    const std::string& reason) const;

    Session& session_;
    Reader in_;
    std::vector<MapBuilder*> scopes_;  // the maps that are being built, innermost last
    Recent recent_;
    int depth_;
};

}  // namespace gnatsd::host::conf
