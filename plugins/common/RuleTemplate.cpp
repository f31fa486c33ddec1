#include "plugins/common/RuleTemplate.h"

#include "plugins/common/JsonAccess.h"
#include "plugins/common/Settings.h"

#include <Poco/String.h>

#include <algorithm>
#include <functional>

namespace gnatsd::common {

namespace {

using Change = std::function<std::string(const std::string&)>;

sdk::PermissionRules mapSubjects(const sdk::PermissionRules& rules, const Change& change) {
    sdk::PermissionRules changed = rules;
    for (sdk::SubjectRules* side : {&changed.publish, &changed.subscribe}) {
        if (side->allow) {
            std::transform(side->allow->begin(), side->allow->end(), side->allow->begin(), change);
        }
        std::transform(side->deny.begin(), side->deny.end(), side->deny.begin(), change);
    }
    return changed;
}

/// Whether the text may stand for one token of a subject.
bool isToken(std::string_view text) noexcept {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '.' || c == '*' ||
               c == '>';
    });
}

/// What the server would refuse later, at each CONNECT. A queue may follow behind a blank.
bool isSubject(std::string_view text) noexcept {
    text = text.substr(0, text.find(' '));
    for (;;) {
        const std::size_t dot = text.find('.');
        const std::string_view token = text.substr(0, dot);
        if (token.empty() || (token == ">" && dot != std::string_view::npos)) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

RuleTemplate::RuleTemplate(const sdk::Config& config, const std::string& key,
                           const std::string& name)
    : placeholder_("{" + name + "}") {
    const Poco::Dynamic::Var json = toJson(config, key);
    if (json.isEmpty()) {
        return;
    }
    rules_ = readRules(json);
    bool hasPlaceholder = false;
    mapSubjects(*rules_, [&](const std::string& subject) {
        std::string rest = Poco::replace(subject, placeholder_, std::string("x"));
        hasPlaceholder = hasPlaceholder || rest != subject;
        if (rest.find_first_of("{}") != std::string::npos) {  // most likely a misspelt placeholder
            throw Poco::DataFormatException("subject \"" + subject + "\" has braces other than " +
                                            placeholder_);
        }
        if (!isSubject(rest)) {
            throw Poco::DataFormatException("subject \"" + subject + "\" is not a valid subject");
        }
        return rest;
    });
    isSame_ = !hasPlaceholder;
}

bool RuleTemplate::fits(std::string_view name) const noexcept {
    return !rules_ || isSame_ || isToken(name);
}

RuleTemplate::Rules RuleTemplate::rulesFor(const std::string& name) const {
    if (!rules_ || isSame_) {
        return rules_;
    }
    return made_.get(name, [&] {
        return std::make_shared<const sdk::PermissionRules>(
            mapSubjects(*rules_, [&](const std::string& subject) {
                return Poco::replace(subject, placeholder_, name);
            }));
    });
}

}  // namespace gnatsd::common
