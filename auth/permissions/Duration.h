// parseDuration: `500ms`, `1.5h`, `2h45m`, `-1s` (OPT-8); a number alone means seconds.
//
// Threads: a pure function.

#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gnatsd::auth::permissions {

/// Nothing for a text that is no duration or too long for one. What is shorter than a millisecond
/// is rounded up to one, so that it does not mean "the default".
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

/// Whether that number could be one with a size behind it, `5m` for 5000000 (CFG-42), so that
/// nobody knows whether minutes were meant.
bool couldBeSize(std::string_view text);

}  // namespace gnatsd::auth::permissions
