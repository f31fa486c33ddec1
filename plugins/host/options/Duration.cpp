#include "plugins/host/options/Duration.h"

#include "kernel/Text.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace gnatsd::host::options {

namespace {

struct Unit {
    std::string_view name;
    double nanoseconds;
};

constexpr Unit kUnits[] = {{"ns", 1},  {"us", 1e3}, {"µs", 1e3},  {"ms", 1e6},
                           {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};

constexpr std::string_view kDigits = "0123456789";

const Unit* findUnit(std::string_view name) {
    for (const Unit& unit : kUnits) {
        if (unit.name == name) {
            return &unit;
        }
    }
    return nullptr;
}

/// Takes digits with at most one point off the front; false when there is no digit.
bool takeNumber(std::string_view& rest, double& number) {
    number = 0;
    double place = 0;
    bool any = false;
    while (!rest.empty()) {
        const char c = rest.front();
        if (c == '.' && place == 0) {
            place = 1;
        } else if (kDigits.find(c) != std::string_view::npos) {
            any = true;
            if (place == 0) {
                number = number * 10 + (c - '0');
            } else {
                place /= 10;
                number += (c - '0') * place;
            }
        } else {
            break;
        }
        rest.remove_prefix(1);
    }
    return any;
}

/// `value` in units of `unit` with the digits that it needs.
std::string scaled(std::uint64_t value, std::uint64_t unit) {
    std::string text = std::to_string(value / unit);
    std::uint64_t rest = value % unit;
    if (rest != 0) {
        text += '.';
    }
    while (rest != 0) {
        unit /= 10;
        text += static_cast<char>('0' + rest / unit);
        rest %= unit;
    }
    return text;
}

}  // namespace

std::string parseDuration(std::string_view text, std::chrono::nanoseconds& value) {
    const std::string shown = " duration " + kernel::snippet(text, 40);
    std::string_view rest = text;
    const bool negative = !rest.empty() && rest.front() == '-';
    if (negative || (!rest.empty() && rest.front() == '+')) {
        rest.remove_prefix(1);
    }
    if (rest.empty()) {
        return "time: invalid" + shown;
    }
    if (rest == "0") {
        value = {};
        return {};
    }
    double sum = 0;
    while (!rest.empty()) {
        double number = 0;
        if (!takeNumber(rest, number)) {
            return "time: invalid" + shown;
        }
        const std::string_view name = rest.substr(0, rest.find_first_of("0123456789."));
        if (name.empty()) {
            return "time: missing unit in" + shown;
        }
        const Unit* unit = findUnit(name);
        if (unit == nullptr) {
            return "time: unknown unit " + kernel::snippet(name, 20) + " in" + shown;
        }
        rest.remove_prefix(name.size());
        sum += number * unit->nanoseconds;
    }
    if (sum >= static_cast<double>(std::numeric_limits<std::int64_t>::max())) {
        return "time: invalid" + shown;
    }
    const std::int64_t rounded = std::llround(sum);
    value = std::chrono::nanoseconds(negative ? -rounded : rounded);
    return {};
}

std::string durationText(std::chrono::nanoseconds value) {
    const bool negative = value.count() < 0;
    const auto count = static_cast<std::uint64_t>(negative ? -value.count() : value.count());
    const std::string sign = negative ? "-" : "";
    constexpr std::uint64_t kSecond = 1'000'000'000;
    if (count == 0) {
        return "0s";
    }
    if (count < 1000) {
        return sign + std::to_string(count) + "ns";
    }
    if (count < 1'000'000) {
        return sign + scaled(count, 1000) + "µs";
    }
    if (count < kSecond) {
        return sign + scaled(count, 1'000'000) + "ms";
    }
    const std::uint64_t minutes = count / (60 * kSecond);
    std::string text = scaled(count % (60 * kSecond), kSecond) + "s";
    if (minutes > 0) {
        text = std::to_string(minutes % 60) + "m" + text;
    }
    if (minutes >= 60) {
        text = std::to_string(minutes / 60) + "h" + text;
    }
    return sign + text;
}

}  // namespace gnatsd::host::options
