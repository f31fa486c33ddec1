#include "plugins/callout/Answer.h"

#include "plugins/common/JsonAccess.h"

#include <Poco/Exception.h>

#include <memory>
#include <utility>

namespace gnatsd::callout {

namespace {

using Poco::JSON::Object;

constexpr std::size_t kMostReason = 200;

std::string textOf(const Object& object, const std::string& name, const std::string& otherwise) {
    if (!object.has(name)) {
        return otherwise;
    }
    const Poco::Dynamic::Var value = object.get(name);
    if (!value.isString()) {
        throw Poco::DataFormatException(name + " is not a text");
    }
    return value.extract<std::string>();
}

sdk::AuthResult acceptance(const std::string& body, const std::string& user) {
    const Object::Ptr object = common::parseObject(body);
    common::refuseOthers(*object, {"user", "account", "permissions", "limits", "expires"},
                         "the answer");
    std::shared_ptr<const sdk::PermissionRules> rules;
    if (object->has("permissions")) {
        rules = common::readRules(object->get("permissions"));
    }
    std::shared_ptr<const sdk::UserLimits> limits;
    if (object->has("limits")) {
        limits = common::readLimits(object->get("limits"));
    }
    sdk::AuthResult result =
        sdk::AuthResult::accept(textOf(*object, "user", user), std::move(rules),
                                textOf(*object, "account", {}), std::move(limits));
    if (object->has("expires")) {
        result.expires = common::readTime(object->get("expires"), "expires");
    }
    return result;
}

/// The service may say why; nobody has to.
sdk::AuthResult rejection(const HttpAnswer& answer) {
    std::string reason = "the service answers " + std::to_string(answer.status);
    try {
        const std::string said = textOf(*common::parseObject(answer.body), "reason", {});
        reason += said.empty() ? "" : ": " + said.substr(0, kMostReason);
    } catch (const Poco::Exception&) {  // no JSON, no reason
    }
    return sdk::AuthResult::reject(std::move(reason));
}

}  // namespace

Judgement judge(const HttpAnswer& answer, const std::string& user) {
    if (answer.status == 401 || answer.status == 403) {
        return {rejection(answer), {}};
    }
    if (answer.status != 200) {
        return {std::nullopt, "the service answers " + std::to_string(answer.status)};
    }
    try {
        return {acceptance(answer.body, user), {}};
    } catch (const Poco::DataFormatException& error) {
        return {std::nullopt, "the service's answer makes no sense: " + error.message()};
    } catch (const Poco::Exception&) {
        // A parser's text would quote the answer.
        return {std::nullopt, "the service's answer is no JSON object"};
    }
}

}  // namespace gnatsd::callout
