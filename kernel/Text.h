// Text: bytes from a peer made fit for a log line or an -ERR text. Pure functions.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gnatsd::kernel {

/// Go's %q: in double quotes, `"` and `\` escaped, control bytes as \n, \t, \r, \x01, bytes that
/// are not UTF-8 as \xff, printable Unicode unchanged, other as \u.... (LOG-10, section 14 of CP).
std::string quote(std::string_view bytes);

/// As quote(), of at most `limit` bytes.
std::string snippet(std::string_view bytes, std::size_t limit);

/// As quote() without the surrounding quotes: control bytes cannot break a line (LOG-52).
std::string escape(std::string_view bytes);

/// As escape(), but quotes and backslashes stay: for text that is shown as received (LOG-50).
std::string escapeControls(std::string_view bytes);

/// A CONNECT argument with the values of pass, password, auth_token, jwt, nkey and sig replaced by
/// [REDACTED]; also when the JSON is broken, has blanks, repeats a key or has escaped quotes
/// (LOG-50, CP-37). Key names are compared without case and after decoding JSON escapes.
/// The rest of the text stays as received; but in broken JSON a value that is not plainly one value
/// hides all that follows it.
std::string redactConnect(std::string_view json);

/// What may be shown of input that could not be parsed: a CONNECT is cut behind its name, because
/// its secrets cannot be told from the rest; anything else before a brace or a secret's name
/// (LOG-51).
std::string_view safeToLog(std::string_view input) noexcept;

}  // namespace gnatsd::kernel
