#include "plugins/common/Settings.h"

#include "plugins/common/Duration.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <charconv>
#include <cmath>
#include <optional>

namespace gnatsd::common {

namespace {

/// Large numbers may arrive as 1e+05.
std::optional<std::int64_t> wholeNumber(const std::string& text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool isWhole = error == std::errc() && stop == end && std::abs(number) < 1e15 &&
                         std::trunc(number) == number;
    return isWhole ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
}

}  // namespace

std::string readText(const sdk::Config& config, const std::string& key,
                     const std::string& otherwise) {
    return config.getRawString(key, otherwise);
}

std::string requireText(const sdk::Config& config, const std::string& key) {
    std::string text = readText(config, key);
    if (text.empty()) {
        sdk::refuseSetting(config, key, "the setting " + key + " is missing");
    }
    return text;
}

bool readFlag(const sdk::Config& config, const std::string& key) {
    const std::string text = readText(config, key, "false");
    if (text != "true" && text != "false") {
        sdk::refuseSetting(config, key, key + " is true or false");
    }
    return text == "true";
}

std::chrono::milliseconds readDuration(const sdk::Config& config, const std::string& key,
                                       std::chrono::milliseconds otherwise) {
    if (!config.has(key)) {
        return otherwise;
    }
    const std::string text = config.getRawString(key);
    if (couldBeSize(text)) {
        sdk::refuseSetting(config, key,
                           key + " = " + text +
                               " has no unit: minutes need quotes, \"5m\", because 5m without "
                               "them is the number 5000000; write seconds as \"" +
                               text + "s\"");
    }
    const auto duration = parseDuration(text);
    if (!duration) {
        sdk::refuseSetting(config, key, key + " is a duration such as \"500ms\" or \"2s\"");
    }
    return *duration;
}

std::int64_t readCount(const sdk::Config& config, const std::string& key, std::int64_t otherwise,
                       std::int64_t least, std::int64_t most) {
    if (!config.has(key)) {
        return otherwise;
    }
    const auto count = wholeNumber(config.getRawString(key));
    if (!count || *count < least || *count > most) {
        sdk::refuseSetting(
            config, key,
            key + " is a number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return *count;
}

std::vector<std::string> readList(const sdk::Config& config, const std::string& key) {
    std::vector<std::string> list;
    for (int number = 0;; ++number) {
        const std::string item = key + "." + std::to_string(number);
        if (!config.has(item)) {
            break;
        }
        list.push_back(config.getRawString(item));
    }
    if (const std::string text = readText(config, key); list.empty() && !text.empty()) {
        list.push_back(text);
    }
    return list;
}

Poco::Dynamic::Var toJson(const sdk::Config& config, const std::string& key) {
    sdk::Config::Keys names;
    config.keys(key, names);
    if (names.empty()) {
        return config.has(key) ? Poco::Dynamic::Var(config.getRawString(key))
                               : Poco::Dynamic::Var();
    }
    const auto below = [&](const std::string& name) {
        std::string path = key;
        path.append(1, '.').append(name);
        return toJson(config, path);
    };
    if (names.front() == "0") {
        Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
        for (const std::string& name : names) {
            array->add(below(name));
        }
        return array;
    }
    Poco::JSON::Object::Ptr object = new Poco::JSON::Object;
    for (const std::string& name : names) {
        object->set(name, below(name));
    }
    return object;
}

}  // namespace gnatsd::common
