// Permissions: what one user may publish and subscribe to. PermissionRules: the same as written.
//
// Rules are compiled once per user; the result is a value that all sessions of the user share.
//
// Threads: immutable. Lifetime: shared by who keeps users, by sessions and by their outboxes.
// Cost: a question walks a tree of tokens, no allocation. The MatchCache remembers answers
// under publishKey() and deliverKey().

#pragma once

#include "kernel/SubjectFilter.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

struct SubjectRules {
    /// Absent: every subject; empty: none (OPT-87). An entry for subscriptions may be
    /// "pattern queue" (AU-42).
    std::optional<std::vector<std::string>> allow;
    std::vector<std::string> deny;
};

/// The right to publish to the reply subject of each message that was delivered (AU-41).
struct ResponseRule {
    std::int64_t maxMessages = 1;                                // 0: 1; negative: any number
    std::chrono::milliseconds expires{std::chrono::minutes(2)};  // 0: that; negative: never
};

struct PermissionRules {
    SubjectRules publish;
    SubjectRules subscribe;
    /// With it an absent publish.allow means none.
    std::optional<ResponseRule> responses;
};

class Permissions {
public:
    struct Compiled {
        std::shared_ptr<const Permissions> permissions;  // null when there is a problem
        std::string problem;                             // OPT-86, names the wrong subject
    };

    static Compiled compile(const PermissionRules& rules);

    /// By the rules alone: what ResponseGrants allow comes on top.
    bool mayPublish(std::string_view subject) const noexcept;

    /// Whether a SUB is allowed; an empty queue means none. The subject need not be valid.
    bool maySubscribe(std::string_view subject, std::string_view queue) const noexcept;

    /// Whether messages to such a subscription have to be checked one by one (AU-39).
    bool filters(std::string_view subject, std::string_view queue) const noexcept;

    /// The check that filters() asks for.
    bool mayDeliver(std::string_view subject, std::string_view queue) const noexcept;

    const std::optional<ResponseRule>& responses() const noexcept { return responses_; }

    /// What the two answers may be remembered under: not used by any other Permissions there ever
    /// was. Below 2 to the power of 63.
    std::uint64_t publishKey() const noexcept { return id_ * 2; }
    std::uint64_t deliverKey() const noexcept { return id_ * 2 + 1; }
    /// Whether mayDeliver() depends on the subject alone.
    bool queuesAreAlike() const noexcept { return subscribe_.denyQueues.empty(); }

private:
    // An entry "pattern queue"; few users have any.
    struct QueueRule {
        SubjectFilter subject;
        SubjectFilter queue;
    };
    struct Side {
        bool everything = false;  // no allow list
        SubjectFilter allow;
        SubjectFilter deny;
        std::vector<QueueRule> allowQueues;
        std::vector<QueueRule> denyQueues;
    };

    Permissions();

    static std::string fill(Side& side, const SubjectRules& rules, bool queues);
    static bool allows(const Side& side, std::string_view subject, std::string_view queue) noexcept;

    const std::uint64_t id_;
    Side publish_;
    Side subscribe_;
    std::optional<ResponseRule> responses_;
};

}  // namespace gnatsd::kernel
