// parseDuration: `500ms`, `2s`, `1h30m`; a number alone means seconds.
//
// Threads: a pure function.

#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gnatsd::common {

/// Nothing for a text that is no duration, is negative, or is longer than a year.
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

/// Whether that number could be one with a size behind it, `5m` for 5000000 (CFG-42), so that
/// nobody knows whether minutes were meant.
bool couldBeSize(std::string_view text);

}  // namespace gnatsd::common
