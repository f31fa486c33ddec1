// Hints: what a person could do about an error, for ParseError::report(). They never repeat a
// value, which may be a secret.
//
// Threads: pure functions.

#pragma once

#include "plugins/host/conf/Scalar.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace gnatsd::host::conf {

/// What an error behind a value is about: where the value's key and the value itself stand.
struct Recent {
    enum class Form { scalar, array, map, include };

    std::size_t keyBegin = 0;
    std::size_t keyEnd = 0;  // not behind keyBegin: no key, or one in quotes
    Form form = Form::scalar;
    Scalar::Kind kind = Scalar::Kind::text;
    std::size_t begin = 0;
    std::size_t end = 0;
};

enum class Around { top, map, array };

/// For the character at `at`, which cannot follow that value.
std::string hintBehindValue(std::string_view text, const Recent& recent, std::size_t at,
                            Around around);

/// For a key that has swallowed a brace or a bracket; else empty.
std::string hintForKey(std::string_view text, std::size_t begin, std::size_t end);

/// For a key at the end of the text.
std::string hintForMissingValue(std::string_view text, std::size_t keyBegin);

/// For a variable that does not exist.
std::string hintForVariable(std::string_view name);

}  // namespace gnatsd::host::conf
