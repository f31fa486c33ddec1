// JsonAccess: what a user may do, as a JSON object says it.
//
//     "permissions": {"publish": "a.>", "subscribe": {"allow": ["b", "c q"], "deny": "b.secret"},
//                     "allow_responses": {"max": 1, "expires": "2m"}}
//     "limits": {"max_connections": 2, "allow_from": ["10.0.0.0/8"], "no_wildcards": true,
//                "publish_rate": 100, "publish_burst": 200}
//
// It means what it means in the configuration: a side that is not mentioned allows everything, an
// empty list nothing. A name that is not known is refused, as it could be a misspelt restriction.
//
// Threads: pure functions. They throw Poco::DataFormatException, which names what is wrong.

#pragma once

#include <gnatsd/PermissionProvider.h>
#include <gnatsd/UserLimits.h>

#include <Poco/Dynamic/Var.h>
#include <Poco/JSON/Object.h>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::common {

std::shared_ptr<const sdk::PermissionRules> readRules(const Poco::Dynamic::Var& json);

std::shared_ptr<const sdk::UserLimits> readLimits(const Poco::Dynamic::Var& json);

/// A Unix time in seconds, which may have a fraction.
std::chrono::system_clock::time_point readTime(const Poco::Dynamic::Var& json,
                                               const std::string& what);

/// A list of texts, or one text as a list of one; an empty text is an empty list.
std::vector<std::string> readTexts(const Poco::Dynamic::Var& json, const std::string& what);

/// The object, or null for anything else.
Poco::JSON::Object::Ptr asObject(const Poco::Dynamic::Var& json);

/// Parses a text that shall be one object.
Poco::JSON::Object::Ptr parseObject(const std::string& text);

/// Throws when the object has another name than these.
void refuseOthers(const Poco::JSON::Object& object, std::initializer_list<std::string_view> names,
                  const std::string& what);

}  // namespace gnatsd::common
