#include "auth/permissions/RuleReader.h"

#include "auth/permissions/Duration.h"

#include <Poco/NumberParser.h>

#include <optional>
#include <string_view>

namespace gnatsd::auth::permissions {

std::shared_ptr<const sdk::PermissionRules> RuleReader::read(const std::string& key,
                                                             const std::string& whose) {
    auto rules = std::make_shared<sdk::PermissionRules>();
    const bool publish = readSide(key + ".publish", false, rules->publish);
    const bool subscribe = readSide(key + ".subscribe", true, rules->subscribe);
    const bool responses = readResponses(key + ".allow_responses", rules->responses);
    if (!publish && !subscribe && !responses && !config_.has(key)) {
        return nullptr;
    }
    if (rules->responses && !rules->publish.allow) {  // AU-41
        rules->publish.allow.emplace();
    } else if (!publish) {
        leftOpen(whose, "publish", rules->publish);
    }
    if (!subscribe) {
        leftOpen(whose, "subscribe", rules->subscribe);
    }
    return rules;
}

/// Answers whether the map mentions this side. An empty side, `publish: []`, allows nothing; one
/// that only denies allows the rest.
bool RuleReader::readSide(const std::string& key, bool queues, sdk::SubjectRules& rules) const {
    const std::string allow = key + ".allow";
    rules.deny = readSubjects(key + ".deny", queues);
    if (isListed(allow)) {
        rules.allow = readSubjects(allow, queues);
        return true;
    }
    if (!rules.deny.empty() || config_.has(key + ".deny")) {
        return true;
    }
    if (config_.has(key)) {
        rules.allow.emplace();
        return true;
    }
    return false;
}

std::vector<std::string> RuleReader::readSubjects(const std::string& key, bool queues) const {
    std::vector<std::string> subjects;
    for (int number = 0;; ++number) {
        const std::string item = key + "." + std::to_string(number);
        if (!config_.has(item)) {
            return subjects;
        }
        const std::string text = config_.getRawString(item);
        const std::size_t blank = queues ? text.find(' ') : std::string::npos;
        const std::size_t queue =
            blank == std::string::npos ? blank : text.find_first_not_of(' ', blank);
        const bool isRight = isPattern(text.substr(0, blank)) &&
                             (blank == std::string::npos ||
                              (queue != std::string::npos && isPattern(text.substr(queue))));
        if (!isRight) {
            sdk::refuseSetting(config_, item,
                               "subject \"" + text + "\" is not a valid subject");  // OPT-86
        }
        subjects.push_back(text);
    }
}

bool RuleReader::readResponses(const std::string& key,
                               std::optional<sdk::ResponseRule>& responses) const {
    const bool hasMax = config_.has(key + ".max");
    const bool hasExpires = config_.has(key + ".expires");
    if (!hasMax && !hasExpires) {
        if (!config_.has(key)) {
            return false;
        }
        const std::string text = config_.getRawString(key);
        if (text == "true" || text.empty()) {
            responses.emplace();
            return true;
        }
        if (text == "false") {
            return false;
        }
        sdk::refuseSetting(config_, key, "allow_responses is true, false or a map");
    }
    responses.emplace();
    if (hasMax) {
        const std::string text = config_.getRawString(key + ".max");
        if (!Poco::NumberParser::tryParse(text, responses->maxMessages)) {
            sdk::refuseSetting(config_, key + ".max", "max of allow_responses is a number");
        }
        if (responses->maxMessages == 0) {  // AU-41: 0 is the default
            responses->maxMessages = sdk::ResponseRule().maxMessages;
        }
    }
    if (hasExpires) {
        const std::string text = config_.getRawString(key + ".expires");
        if (couldBeSize(text)) {
            sdk::refuseSetting(config_, key + ".expires",
                               "expires of allow_responses has no unit: minutes need quotes, "
                               "\"5m\", because 5m without them is the number 5000000");
        }
        const auto expires = parseDuration(text);
        if (!expires) {
            sdk::refuseSetting(config_, key + ".expires",
                               "expires of allow_responses is a duration such as \"2m\"");
        }
        if (expires->count() != 0) {
            responses->expires = *expires;
        }
    }
    return true;
}

void RuleReader::leftOpen(const std::string& whose, const char* side, sdk::SubjectRules& rules) {
    if (strict_) {
        rules.allow.emplace();
    } else {
        warnings_.push_back("permissions of " + whose + " do not mention " + side +
                            ": all subjects allowed");
    }
}

/// A list is there when it has a first entry, or is empty and has a place of its own.
bool RuleReader::isListed(const std::string& key) const {
    return config_.has(key + ".0") || config_.has(key);
}

bool isPattern(std::string_view subject) {
    if (subject.find_first_of(" \t\r\n\f\v") != std::string_view::npos) {
        return false;
    }
    for (;;) {
        const std::size_t dot = subject.find('.');
        const std::string_view token = subject.substr(0, dot);
        if (token.empty()) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        if (token == ">") {
            return false;
        }
        subject.remove_prefix(dot + 1);
    }
}

}  // namespace gnatsd::auth::permissions
