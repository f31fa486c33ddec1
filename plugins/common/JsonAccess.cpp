#include "plugins/common/JsonAccess.h"

#include "plugins/common/Duration.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Parser.h>
#include <Poco/NumberParser.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <typeinfo>
#include <utility>

namespace gnatsd::common {

namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Object;

[[noreturn]] void refuse(const std::string& what, const std::string& problem) {
    throw Poco::DataFormatException(what + " " + problem);
}

/// JSON has numbers, the configuration texts.
std::int64_t readNumber(const Var& json, const std::string& what, std::int64_t least,
                        std::int64_t most) {
    Poco::Int64 number = 0;
    const bool isText = json.isString();
    if (isText ? !Poco::NumberParser::tryParse64(json.extract<std::string>(), number)
               : (json.isBoolean() || !json.isInteger())) {
        refuse(what, "is not a whole number");
    }
    number = isText ? number : json.convert<Poco::Int64>();
    if (number < least || number > most) {
        refuse(what, "is out of range");
    }
    return number;
}

bool readFlag(const Var& json, const std::string& what) {
    if (json.isBoolean()) {
        return json.extract<bool>();
    }
    const std::string text = json.isString() ? json.extract<std::string>() : std::string();
    if (text != "true" && text != "false") {
        refuse(what, "is neither true nor false");
    }
    return text == "true";
}

sdk::SubjectRules readSide(const Var& json, const std::string& what) {
    sdk::SubjectRules rules;
    const Object::Ptr object = asObject(json);
    if (object.isNull()) {
        rules.allow = readTexts(json, what);
        return rules;
    }
    refuseOthers(*object, {"allow", "deny"}, what);
    if (object->has("allow")) {
        rules.allow = readTexts(object->get("allow"), what + ".allow");
    }
    if (object->has("deny")) {
        rules.deny = readTexts(object->get("deny"), what + ".deny");
    }
    return rules;
}

std::optional<sdk::ResponseRule> readResponses(const Var& json) {
    const std::string what = "allow_responses";
    const Object::Ptr object = asObject(json);
    if (object.isNull()) {
        return readFlag(json, what) ? std::optional<sdk::ResponseRule>(std::in_place)
                                    : std::nullopt;
    }
    refuseOthers(*object, {"max", "expires"}, what);
    sdk::ResponseRule rule;
    if (object->has("max")) {
        constexpr int kMost = std::numeric_limits<int>::max();
        const auto most = readNumber(object->get("max"), what + ".max", -1, kMost);
        rule.maxMessages = most == 0 ? rule.maxMessages : static_cast<int>(most);
    }
    if (object->has("expires")) {
        const Var value = object->get("expires");
        const auto expires = parseDuration(value.toString());
        if (!expires) {
            refuse(what + ".expires", "is not a duration");
        }
        if (value.isString() && couldBeSize(value.extract<std::string>())) {
            refuse(what + ".expires", "has no unit; minutes need quotes, \"5m\"");
        }
        rule.expires = expires->count() == 0 ? rule.expires : *expires;
    }
    return rule;
}

std::uint32_t readLimit(const Object& object, const char* name) {
    constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
    return object.has(name) ? static_cast<std::uint32_t>(readNumber(
                                  object.get(name), std::string("limits.") + name, 0, kMost))
                            : 0;
}

}  // namespace

std::chrono::system_clock::time_point readTime(const Var& json, const std::string& what) {
    constexpr double kMost = 9e9;  // what the clock can hold; milliseconds are more
    const double seconds = json.isNumeric() && !json.isBoolean() ? json.convert<double>() : -1;
    if (!(seconds >= 0 && seconds <= kMost)) {
        refuse(what, "is no Unix time in seconds");
    }
    using Clock = std::chrono::system_clock;
    return Clock::time_point(
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)));
}

std::shared_ptr<const sdk::PermissionRules> readRules(const Var& json) {
    const Object::Ptr object = asObject(json);
    if (object.isNull()) {
        refuse("permissions", "is not an object");
    }
    refuseOthers(*object, {"publish", "subscribe", "allow_responses"}, "permissions");
    const auto rules = std::make_shared<sdk::PermissionRules>();
    if (object->has("publish")) {
        rules->publish = readSide(object->get("publish"), "publish");
    }
    if (object->has("subscribe")) {
        rules->subscribe = readSide(object->get("subscribe"), "subscribe");
    }
    if (object->has("allow_responses")) {
        rules->responses = readResponses(object->get("allow_responses"));
    }
    if (rules->responses && !rules->publish.allow) {  // AU-41
        rules->publish.allow.emplace();
    }
    return rules;
}

std::shared_ptr<const sdk::UserLimits> readLimits(const Var& json) {
    const Object::Ptr object = asObject(json);
    if (object.isNull()) {
        refuse("limits", "is not an object");
    }
    refuseOthers(*object,
                 {"max_connections", "allow_from", "no_wildcards", "publish_rate", "publish_burst"},
                 "limits");
    const auto limits = std::make_shared<sdk::UserLimits>();
    limits->maxConnections = readLimit(*object, "max_connections");
    limits->publishRate = readLimit(*object, "publish_rate");
    limits->publishBurst = readLimit(*object, "publish_burst");
    if (object->has("no_wildcards")) {
        limits->noWildcards = readFlag(object->get("no_wildcards"), "limits.no_wildcards");
    }
    if (object->has("allow_from")) {
        limits->allowFrom = readTexts(object->get("allow_from"), "limits.allow_from");
        if (limits->allowFrom.empty()) {  // which would mean: from everywhere
            refuse("limits.allow_from", "names no address");
        }
    }
    return limits;
}

std::vector<std::string> readTexts(const Var& json, const std::string& what) {
    if (json.isString()) {
        const std::string& text = json.extract<std::string>();
        return text.empty() ? std::vector<std::string>() : std::vector<std::string>{text};
    }
    if (json.type() != typeid(Poco::JSON::Array::Ptr)) {
        refuse(what, "is neither a text nor a list of texts");
    }
    std::vector<std::string> texts;
    for (const Var& item : *json.extract<Poco::JSON::Array::Ptr>()) {
        if (!item.isString()) {
            refuse(what, "has an item that is not a text");
        }
        texts.push_back(item.extract<std::string>());
    }
    return texts;
}

Object::Ptr asObject(const Var& json) {
    return json.type() == typeid(Object::Ptr) ? json.extract<Object::Ptr>() : Object::Ptr();
}

Object::Ptr parseObject(const std::string& text) {
    Poco::JSON::Parser parser;
    Object::Ptr object = asObject(parser.parse(text));
    if (object.isNull()) {
        throw Poco::DataFormatException("not a JSON object");
    }
    return object;
}

void refuseOthers(const Object& object, std::initializer_list<std::string_view> names,
                  const std::string& what) {
    for (const auto& [name, value] : object) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            refuse(what, "has no part '" + name.substr(0, 40) + "'");
        }
    }
}

}  // namespace gnatsd::common
