#include "auth/permissions/Duration.h"

#include <charconv>
#include <cmath>

namespace gnatsd::auth::permissions {

namespace {

struct Unit {
    std::string_view name;
    double milliseconds;
};

// "ms" before "m": the first one that fits is taken.
constexpr Unit kUnits[] = {{"ns", 1e-6}, {"us", 1e-3}, {"\u00b5s", 1e-3}, {"\u03bcs", 1e-3},
                           {"ms", 1},    {"s", 1000},  {"m", 60'000},     {"h", 3'600'000}};

constexpr double kLongest = 9e15;

/// Takes the number at the front; digits with one optional point.
std::optional<double> takeNumber(std::string_view& text) {
    if (text.empty() || (text.front() != '.' && (text.front() < '0' || text.front() > '9'))) {
        return std::nullopt;
    }
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

/// The whole text as a number of any form; the host writes large ones as 1e+05.
std::optional<double> wholeNumber(std::string_view text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool isOne = stop == end && error == std::errc() && std::isfinite(number) && number >= 0;
    return isOne ? std::optional(number) : std::nullopt;
}

std::optional<double> takeUnit(std::string_view& text) {
    for (const Unit& unit : kUnits) {
        if (text.starts_with(unit.name)) {
            text.remove_prefix(unit.name.size());
            return unit.milliseconds;
        }
    }
    return std::nullopt;
}

/// The sum of numbers with units, in milliseconds.
std::optional<double> sumOf(std::string_view text) {
    double total = 0;
    do {
        const std::optional<double> number = takeNumber(text);
        const std::optional<double> unit = number ? takeUnit(text) : std::nullopt;
        if (!unit) {
            return std::nullopt;
        }
        total += *number * *unit;
    } while (!text.empty());
    return total;
}

}  // namespace

std::optional<std::chrono::milliseconds> parseDuration(std::string_view text) {
    const bool isNegative = text.starts_with('-');
    if (isNegative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const std::optional<double> seconds = wholeNumber(text);
    const std::optional<double> total = seconds ? *seconds * 1000 : sumOf(text);
    if (!total || *total > kLongest) {
        return std::nullopt;
    }
    const auto count = static_cast<std::chrono::milliseconds::rep>(std::ceil(*total));
    return std::chrono::milliseconds(isNegative ? -count : count);
}

bool couldBeSize(std::string_view text) {
    const std::optional<double> number = wholeNumber(text);
    return number && *number != 0 &&
           (std::fmod(*number, 1000) == 0 || std::fmod(*number, 1024) == 0);
}

}  // namespace gnatsd::auth::permissions
