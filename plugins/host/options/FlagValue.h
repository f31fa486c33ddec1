// parseInteger, parseBoolean: the texts that a flag's value may have (CLI-3, CLI-4).
//
// Shape: pure functions.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gnatsd::host {

enum class Parsed { ok, syntax, range };

/// Decimal, 0x, 0o, 0b or a leading 0 for octal; a sign; single underscores between digits when the
/// base comes from the prefix or is ten.
Parsed parseInteger(std::string_view text, std::int64_t& value);

std::optional<bool> parseBoolean(std::string_view text);

}  // namespace gnatsd::host
