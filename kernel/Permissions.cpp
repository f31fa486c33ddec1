#include "kernel/Permissions.h"

#include "kernel/Text.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace gnatsd::kernel {

namespace {

std::uint64_t nextId() {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// A pattern of bytes that a subject or a queue can have.
bool isRule(std::string_view pattern) noexcept {
    return isPattern(pattern) && pattern.find_first_of(" \t\r\n") == std::string_view::npos;
}

/// Subject and queue of an entry; the queue is empty when the entry is for all.
std::pair<std::string_view, std::string_view> split(std::string_view entry) {
    const std::size_t blank = entry.find_first_of(" \t");
    const std::size_t queue = entry.find_first_not_of(" \t", blank);
    if (blank == std::string_view::npos || queue == std::string_view::npos) {
        return {entry, {}};
    }
    return {entry.substr(0, blank), entry.substr(queue)};
}

}  // namespace

Permissions::Permissions() : id_(nextId()) {}

/// Answers the problem, or nothing.
std::string Permissions::fill(Side& side, const SubjectRules& rules, bool queues) {
    const auto compile = [queues](const std::vector<std::string>& entries, SubjectFilter& all,
                                  std::vector<QueueRule>& some) -> std::string {
        std::vector<std::string> patterns;
        for (const std::string& entry : entries) {
            const auto [subject, queue] =
                queues ? split(entry) : std::pair(std::string_view(entry), std::string_view());
            if (!isRule(subject) || (!queue.empty() && !isRule(queue))) {
                return "Subject " + quote(entry) + " is not a valid subject";
            }
            if (queue.empty()) {
                patterns.emplace_back(subject);
            } else {
                some.push_back(
                    {SubjectFilter({std::string(subject)}), SubjectFilter({std::string(queue)})});
            }
        }
        all = SubjectFilter(patterns);
        return {};
    };
    side.everything = !rules.allow;
    std::string problem;
    if (rules.allow) {
        problem = compile(*rules.allow, side.allow, side.allowQueues);
    }
    return problem.empty() ? compile(rules.deny, side.deny, side.denyQueues) : problem;
}

Permissions::Compiled Permissions::compile(const PermissionRules& rules) {
    const std::shared_ptr<Permissions> made(new Permissions());
    std::string problem = fill(made->publish_, rules.publish, false);
    if (problem.empty()) {
        problem = fill(made->subscribe_, rules.subscribe, true);
    }
    if (!problem.empty()) {
        return {nullptr, std::move(problem)};
    }
    if (rules.responses) {
        constexpr ResponseRule kDefault;
        made->publish_.everything = false;
        made->responses_ = rules.responses;
        if (made->responses_->maxMessages == 0) {
            made->responses_->maxMessages = kDefault.maxMessages;
        }
        if (made->responses_->expires.count() == 0) {
            made->responses_->expires = kDefault.expires;
        }
    }
    return {made, {}};
}

bool Permissions::mayPublish(std::string_view subject) const noexcept {
    return (publish_.everything || publish_.allow.matches(subject)) &&
           !publish_.deny.matches(subject);
}

/// AU-43: entries with a queue decide when the SUB has one and their subject fits.
bool Permissions::allows(const Side& side, std::string_view subject,
                         std::string_view queue) noexcept {
    if (!queue.empty()) {
        bool decided = false;
        for (const QueueRule& rule : side.allowQueues) {
            if (rule.subject.covers(subject)) {
                if (rule.queue.matches(queue)) {
                    return true;
                }
                decided = true;
            }
        }
        if (decided) {
            return false;
        }
    }
    return side.everything || side.allow.covers(subject);
}

bool Permissions::maySubscribe(std::string_view subject, std::string_view queue) const noexcept {
    // AU-38: against deny entries the subject is a literal, wildcards and all.
    return allows(subscribe_, subject, queue) && mayDeliver(subject, queue);
}

bool Permissions::filters(std::string_view subject, std::string_view queue) const noexcept {
    return subscribe_.deny.overlaps(subject) ||
           std::any_of(subscribe_.denyQueues.begin(), subscribe_.denyQueues.end(),
                       [&](const QueueRule& rule) {
                           return !queue.empty() && rule.queue.matches(queue) &&
                                  rule.subject.overlaps(subject);
                       });
}

bool Permissions::mayDeliver(std::string_view subject, std::string_view queue) const noexcept {
    return !subscribe_.deny.matches(subject) &&
           std::none_of(subscribe_.denyQueues.begin(), subscribe_.denyQueues.end(),
                        [&](const QueueRule& rule) {
                            return !queue.empty() && rule.queue.matches(queue) &&
                                   rule.subject.matches(subject);
                        });
}

}  // namespace gnatsd::kernel
