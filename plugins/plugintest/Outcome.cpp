#include "plugins/plugintest/Outcome.h"

#include "kernel/Text.h"

#include <string_view>
#include <utility>

namespace gnatsd::plugintest {

namespace {

constexpr std::string_view kNobody = "no authenticator accepts the client";

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

Result refusal(std::string& reason, const std::string& method) {
    if (method.empty()) {
        if (!reason.starts_with(kNobody)) {
            return Result::fails;  // full queues, a stop
        }
        reason.erase(0, kNobody.size());
        if (reason.starts_with(": ")) {
            reason.erase(0, 2);
        }
        return Result::abstain;
    }
    const bool isHosts = reason == "authenticator " + method + " failed" ||
                         reason == "authenticator " + method + " does not come back" ||
                         reason == "permission provider " + method + " failed" ||
                         reason == "wrong limits from " + method ||
                         reason.starts_with("wrong permission rules from ");
    return isHosts ? Result::fails : Result::reject;
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
    if (wanted.reason && found.reason.find(*wanted.reason) == std::string::npos) {
        return "wanted " + kernel::quote(*wanted.reason) + " in the reason";
    }
    if (wanted.within && found.took > *wanted.within) {
        return "wanted it within " + milliseconds(*wanted.within);
    }
    return {};
}

}  // namespace gnatsd::plugintest
