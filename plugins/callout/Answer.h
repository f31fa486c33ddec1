// judge: what an answer of the service means for the client.
//
// Threads: a pure function.

#pragma once

#include <gnatsd/Authenticator.h>

#include <optional>
#include <string>

namespace gnatsd::callout {

struct HttpAnswer {
    int status = 0;
    std::string body;
};

struct Judgement {
    std::optional<sdk::AuthResult> result;  // nothing: the answer makes no sense
    std::string problem;                    // then: why
};

/// 200 with a JSON object accepts, 401 and 403 reject; everything else is no answer. `user`: the
/// name the client gave, which counts when the service names none.
Judgement judge(const HttpAnswer& answer, const std::string& user);

}  // namespace gnatsd::callout
