#include "tests/bench/Flags.h"

#include "tests/bench/Error.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace gnatsd::bench {

namespace {

std::uint64_t parseScaled(std::string_view text, std::uint64_t thousand) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    std::uint64_t scale = 0;
    if (unit.empty()) {
        scale = 1;
    } else if (unit == "k" || unit == "K") {
        scale = thousand;
    } else if (unit == "m" || unit == "M") {
        scale = thousand * thousand;
    } else if (unit == "g" || unit == "G") {
        scale = thousand * thousand * thousand;
    }
    if (error != std::errc{} || scale == 0 ||
        value > std::numeric_limits<std::uint64_t>::max() / scale) {
        throw UsageError("\"" + std::string(text) + "\" is not a count (such as 5000, 20k, 2M)");
    }
    return value * scale;
}

}  // namespace

void Flags::add(std::string name, std::string valueName, std::string help, Take take) {
    flags_.push_back({std::move(name), std::move(valueName), std::move(help), std::move(take)});
}

void Flags::addSwitch(std::string name, std::string help, std::function<void()> take) {
    flags_.push_back({std::move(name), "", std::move(help),
                      [take = std::move(take)](std::string_view) { take(); }});
}

void Flags::group(std::string title) {
    flags_.push_back({"", "", std::move(title), nullptr, true});
}

const Flags::Flag& Flags::find(std::string_view name) const {
    for (const Flag& flag : flags_) {
        if (!flag.isHeading && flag.name == name) {
            return flag;
        }
    }
    throw UsageError("unknown flag --" + std::string(name));
}

std::vector<std::string> Flags::parse(std::span<const char* const> arguments) const {
    std::vector<std::string> rest;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view argument = arguments[i];
        if (!argument.starts_with("--")) {
            rest.emplace_back(argument);
            continue;
        }
        argument.remove_prefix(2);
        const std::size_t equals = argument.find('=');
        const bool valueInside = equals != std::string_view::npos;
        const Flag& flag = find(argument.substr(0, equals));
        if (flag.valueName.empty() && valueInside) {
            throw UsageError("--" + flag.name + " takes no value");
        }
        std::string_view value;
        if (valueInside) {
            value = argument.substr(equals + 1);
        } else if (!flag.valueName.empty()) {
            if (++i == arguments.size()) {
                throw UsageError("--" + flag.name + " wants a value: " + flag.valueName);
            }
            value = arguments[i];
        }
        try {
            flag.take(value);
        } catch (const UsageError& error) {
            throw UsageError("--" + flag.name + ": " + error.what());
        }
    }
    return rest;
}

std::string Flags::help() const {
    constexpr std::size_t kHelpColumn = 26;
    std::string text;
    for (const Flag& flag : flags_) {
        if (flag.isHeading) {
            text += "\n" + flag.help + "\n";
            continue;
        }
        std::string line = "  --" + flag.name;
        if (!flag.valueName.empty()) {
            line += " " + flag.valueName;
        }
        line.resize(std::max(line.size() + 1, kHelpColumn), ' ');
        text += line + flag.help + "\n";
    }
    return text;
}

std::uint64_t parseCount(std::string_view text) {
    return parseScaled(text, 1000);
}

std::uint64_t parseBytes(std::string_view text) {
    return parseScaled(text, 1024);
}

double parseNumber(std::string_view text) {
    double value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last || !std::isfinite(value) || value < 0) {
        throw UsageError("\"" + std::string(text) + "\" is not a number from 0 up");
    }
    return value;
}

}  // namespace gnatsd::bench
