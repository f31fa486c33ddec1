#include "plugins/plugintest/Outcome.h"

#include "kernel/Text.h"

#include <string_view>
#include <utility>

namespace gnatsd::plugintest {

namespace {

constexpr std::string_view kNobody = "no authenticator accepts the client";
constexpr std::string_view kUnavailable = "unavailable";

/// How far a session's end may be from what was wanted; tokens have whole seconds.
constexpr std::chrono::seconds kAbout{2};

std::string milliseconds(std::chrono::nanoseconds time) {
    const auto tenths = std::chrono::duration_cast<std::chrono::microseconds>(time).count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "ms";
}

/// Takes " (METHOD, 12us)" or " (12us)" off; answers METHOD.
std::string takeMethod(std::string& reason) {
    const std::size_t open = reason.rfind(" (");
    if (open == std::string::npos) {
        return {};
    }
    const std::string inner = reason.substr(open + 2);
    reason.resize(open);
    const std::size_t comma = inner.rfind(", ");
    return comma == std::string::npos ? std::string() : inner.substr(0, comma);
}

/// Takes what the chain says before the plug-in's own reason off.
bool takeFront(std::string& reason, std::string_view front) {
    if (!reason.starts_with(front)) {
        return false;
    }
    reason.erase(0, front.size());
    if (reason.starts_with(": ")) {
        reason.erase(0, 2);
    }
    return true;
}

Result refusal(std::string& reason, const std::string& method) {
    if (method.empty()) {  // fails: full queues, a stop
        return takeFront(reason, kNobody) ? Result::abstain : Result::fails;
    }
    if (takeFront(reason, kUnavailable)) {
        return Result::unavailable;
    }
    const bool isHosts = reason == "authenticator " + method + " failed" ||
                         reason == "authenticator " + method + " does not come back" ||
                         reason == "permission provider " + method + " failed" ||
                         reason == "wrong limits from " + method ||
                         reason.starts_with("wrong permission rules from ");
    return isHosts ? Result::fails : Result::reject;
}

std::chrono::nanoseconds timeLeft(std::chrono::system_clock::time_point end) {
    return end - std::chrono::system_clock::now();
}

/// The default account has two names.
std::string accountOf(const std::string& name) {
    return name.empty() ? "$G" : name;
}

}  // namespace

std::string Outcome::text() const {
    std::string text = resultName(result);
    if (result == Result::accept) {
        text += " user=" + kernel::escape(answer.user);
        text += " account=" + kernel::escape(accountOf(answer.account));
        if (answer.limits.publishRate > 0) {
            text += " publish_rate=" + std::to_string(answer.limits.publishRate);
        }
        if (answer.expires) {
            text += " lasts=" + milliseconds(timeLeft(*answer.expires));
        }
    } else if (!reason.empty()) {
        text += " reason=" + kernel::quote(reason);
    }
    return text + " after " + milliseconds(took);
}

Outcome outcomeOf(kernel::AuthAnswer answer, std::chrono::nanoseconds took) {
    Outcome outcome;
    outcome.took = took;
    if (answer.accepted) {
        outcome.result = Result::accept;
    } else {
        outcome.reason = answer.reason;
        const std::string method = takeMethod(outcome.reason);
        outcome.result = refusal(outcome.reason, method);
    }
    outcome.answer = std::move(answer);
    return outcome;
}

std::string mismatch(const Expectation& wanted, const Outcome& found) {
    if (found.result != wanted.result) {
        return std::string("wanted ") + resultName(wanted.result);
    }
    if (wanted.user && *wanted.user != found.answer.user) {
        return "wanted user=" + kernel::escape(*wanted.user);
    }
    if (wanted.account && accountOf(*wanted.account) != accountOf(found.answer.account)) {
        return "wanted account=" + kernel::escape(accountOf(*wanted.account));
    }
    if (wanted.publishRate && *wanted.publishRate != found.answer.limits.publishRate) {
        return "wanted publish_rate=" + std::to_string(*wanted.publishRate);
    }
    if (wanted.lasts && (!found.answer.expires || std::chrono::abs(timeLeft(*found.answer.expires) -
                                                                   *wanted.lasts) > kAbout)) {
        return "wanted lasts=" + milliseconds(*wanted.lasts);
    }
    if (wanted.reason && found.reason.find(*wanted.reason) == std::string::npos) {
        return "wanted " + kernel::quote(*wanted.reason) + " in the reason";
    }
    if (wanted.within && found.took > *wanted.within) {
        return "wanted it within " + milliseconds(*wanted.within);
    }
    return {};
}

}  // namespace gnatsd::plugintest
