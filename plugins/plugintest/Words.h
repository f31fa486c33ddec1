// Words: a line of a script, taken apart.
//
// Words are separated by blanks; `#` at the beginning of one begins a comment. "..." keeps blanks
// together, a backslash takes the special meaning from what follows it (\n, \t and \r mean the
// control characters), and ${NAME} is that variable of the environment.
//
// Threads: pure functions, but for the environment.

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::plugintest {

struct Word {
    std::string text;
    std::string source;      // as written
    std::size_t equals = 0;  // of the first plain `=` in text; the text's size: none
    bool isPlain = true;     // nothing in it was quoted, escaped or a variable
    bool hasVariable = false;

    bool isPair() const noexcept { return equals < text.size(); }
    std::string key() const { return text.substr(0, equals); }
    std::string value() const { return isPair() ? text.substr(equals + 1) : std::string(); }
    bool is(std::string_view keyword) const noexcept { return isPlain && text == keyword; }
};

using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// Throws Poco::SyntaxException for an open quote and a variable that is not set.
std::vector<Word> splitWords(std::string_view line, const Variables& variables);

}  // namespace gnatsd::plugintest
