// Servers whose users have rules, clients of theirs, and the texts of refusals.
//
// Threads: confined.

#pragma once

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <string>
#include <string_view>

namespace gnatsd::tests {

inline constexpr const char* kModern = R"(,"headers":true,"no_responders":true)";

/// These users, as tests/support/RulesPlugin.cpp reads them, and "all", who may do everything.
inline ServerSetup users(const std::string& text) {
    ServerSetup setup;
    setup.users = "all; " + text;
    return setup;
}

/// A connected client, not verbose.
inline TestClient client(TestServer& server, const std::string& user, const std::string& more = {},
                         Where where = {}) {
    TestClient made(server, where);
    made.connect(",\"user\":\"" + user + "\"" + more, where);
    return made;
}

/// CP-213
inline std::string noPublish(std::string_view subject) {
    return "-ERR 'Permissions Violation for Publish to \"" + std::string(subject) + "\"'\r\n";
}

/// CP-214
inline std::string noSubscribe(std::string_view subject) {
    return "-ERR 'Permissions Violation for Subscription to \"" + std::string(subject) + "\"'\r\n";
}

}  // namespace gnatsd::tests
