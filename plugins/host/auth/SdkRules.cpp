#include "plugins/host/auth/SdkRules.h"

#include <Poco/Exception.h>

namespace gnatsd::host::auth {

std::shared_ptr<const kernel::Permissions> compileRules(const sdk::PermissionRules& rules) {
    kernel::PermissionRules same;
    same.publish = {rules.publish.allow, rules.publish.deny};
    same.subscribe = {rules.subscribe.allow, rules.subscribe.deny};
    if (rules.responses) {
        same.responses =
            kernel::ResponseRule{rules.responses->maxMessages, rules.responses->expires};
    }
    kernel::Permissions::Compiled compiled = kernel::Permissions::compile(same);
    if (compiled.permissions == nullptr) {
        throw Poco::DataFormatException(compiled.problem);
    }
    return compiled.permissions;
}

}  // namespace gnatsd::host::auth
