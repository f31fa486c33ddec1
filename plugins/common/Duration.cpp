#include "plugins/common/Duration.h"

#include <charconv>
#include <cmath>

namespace gnatsd::common {

namespace {

constexpr double kYear = 365.0 * 24 * 3'600'000;

/// Milliseconds of the unit at the front, which is taken away; 0 when there is none.
double takeUnit(std::string_view& text) {
    struct Unit {
        std::string_view name;
        double milliseconds;
    };
    static constexpr Unit kUnits[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
    for (const Unit& unit : kUnits) {
        if (text.starts_with(unit.name)) {
            text.remove_prefix(unit.name.size());
            return unit.milliseconds;
        }
    }
    return 0;
}

}  // namespace

std::optional<std::chrono::milliseconds> parseDuration(std::string_view text) {
    if (text.empty()) {
        return std::nullopt;
    }
    double total = 0;
    bool isFirst = true;
    while (!text.empty()) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || !std::isfinite(number) || number < 0) {
            return std::nullopt;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const double unit = isFirst && text.empty() ? 1000 : takeUnit(text);
        total += number * unit;
        if (unit == 0 || total > kYear) {
            return std::nullopt;
        }
        isFirst = false;
    }
    return std::chrono::milliseconds(std::llround(total));
}

bool couldBeSize(std::string_view text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool isNumber = stop == end && error == std::errc() && std::isfinite(number);
    return isNumber && number != 0 &&
           (std::fmod(number, 1000) == 0 || std::fmod(number, 1024) == 0);
}

}  // namespace gnatsd::common
