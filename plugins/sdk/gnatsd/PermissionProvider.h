// PermissionProvider: rules for a user whose authenticator gave none.
// PermissionRules: what a user may publish and subscribe to, as a value.
//
// Threads: rulesFor() from several worker threads at once.
// Lifetime: the rules are shared and must not change after they were answered.

#pragma once

#include <gnatsd/Cost.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::sdk {

struct SubjectRules {
    /// Absent: every subject; empty: none. An entry is a pattern, or "pattern queue".
    std::optional<std::vector<std::string>> allow;
    std::vector<std::string> deny;
};

/// The right to answer: to publish to the reply subject of a message that was received.
struct ResponseRule {
    int maxMessages = 1;  // negative: any number
    std::chrono::milliseconds expires = std::chrono::minutes(2);
};

struct PermissionRules {
    SubjectRules publish;
    SubjectRules subscribe;
    std::optional<ResponseRule> responses;
};

class PermissionProvider {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.PermissionProvider/1";

    PermissionProvider() = default;
    virtual ~PermissionProvider() = default;
    PermissionProvider(const PermissionProvider&) = delete;
    PermissionProvider& operator=(const PermissionProvider&) = delete;

    /// Null when this provider has nothing to say about the user. An exception refuses the client.
    virtual std::shared_ptr<const PermissionRules> rulesFor(std::string_view user,
                                                            std::string_view account) const = 0;

    /// What rulesFor() will take. Cheap.
    virtual Cost cost(std::string_view user, std::string_view account) const {
        static_cast<void>(user);
        static_cast<void>(account);
        return Cost::slow;
    }
};

}  // namespace gnatsd::sdk
