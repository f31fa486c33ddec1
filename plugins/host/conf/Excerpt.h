// excerpt: a line of a configuration file as a person may see it, with a caret under the place
// that is meant.
//
// Threads: pure functions.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gnatsd::host::conf {

struct Spot {
    int line = 1;
    int column = 1;         // byte of the line, from 1
    std::size_t begin = 0;  // of the line, in the text
};

/// Where the byte `at` of `text` is. A newline belongs to the line that it ends.
Spot spotOf(std::string_view text, std::size_t at);

/// The line of `text` around `at` and a line with a caret under it. Blanks stand for tabs, escapes
/// for control characters; long lines are cut on both sides; secrets are hidden, and so is
/// everything from `secretFrom` on.
std::string excerpt(std::string_view text, std::size_t at, std::size_t secretFrom);

}  // namespace gnatsd::host::conf
