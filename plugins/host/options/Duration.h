// Durations as the configuration writes them (OPT-8): `300ms`, `1.5h`, `2h45m`. Pure functions.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace gnatsd::host::options {

/// Answers why the text is no duration, or nothing.
std::string parseDuration(std::string_view text, std::chrono::nanoseconds& value);

/// The same form back, as short as it gets: `2m0s`, `1.5s`, `10ms`, `0s`.
std::string durationText(std::chrono::nanoseconds value);

}  // namespace gnatsd::host::options
