// readScalar: the values of the configuration language that are neither map nor array (CFG-30 to
// CFG-50).
//
// Threads: pure functions on the Reader that they get.

#pragma once

#include "plugins/host/conf/Reader.h"
#include "plugins/host/conf/Value.h"

#include <cstddef>

namespace gnatsd::host::conf {

struct Scalar {
    enum class Kind { quoted, block, text, word, address, reference, integer, real, date };

    Kind kind = Kind::text;  // word: a boolean; reference: `data` is the name (CFG-60)
    Value::Data data;
};

/// Reads the scalar that begins at the position. Throws ParseError.
/// Requires: no map and no array begins there.
Scalar readScalar(Reader& in);

/// Reads up to the same quote again, without escapes, and answers what is between (CFG-16, CFG-30).
/// `atEof` is the error for a quote that is never closed.
/// Requires: a quote comes next.
std::string readQuoted(Reader& in, const char* atEof);

/// A number, a date, or what begins like one and is a text (CFG-41 to CFG-50).
/// Requires: a digit or '-' comes next.
Scalar readNumber(Reader& in);

/// A text without quotes (CFG-33), a boolean or a reference, that begins at the position.
Scalar readUnquoted(Reader& in);

}  // namespace gnatsd::host::conf
