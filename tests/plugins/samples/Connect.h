// What clients send, and what they get for it.
//
// Threads: pure functions.

#pragma once

#include <string>

namespace gnatsd::tests {

inline const std::string& pong() {
    static const std::string kText = "PONG\r\n";
    return kText;
}

inline const std::string& violation() {
    static const std::string kText = "-ERR 'Authorization Violation'\r\n";
    return kText;
}

/// CONNECT with these fields of JSON, and a PING.
inline std::string connectWith(const std::string& fields) {
    return "CONNECT {\"verbose\":false,\"pedantic\":false" + fields + "}\r\nPING\r\n";
}

inline std::string connectAs(const std::string& user, const std::string& password) {
    return connectWith(R"(,"user":")" + user + R"(","pass":")" + password + "\"");
}

inline std::string connectWithToken(const std::string& token) {
    return connectWith(R"(,"auth_token":")" + token + "\"");
}

inline std::string publishTo(const std::string& subject) {
    return "PUB " + subject + " 2\r\nok\r\n";
}

inline std::string noPublish(const std::string& subject) {
    return "-ERR 'Permissions Violation for Publish to \"" + subject + "\"'\r\n";
}

inline std::string noSubscribe(const std::string& subject) {
    return "-ERR 'Permissions Violation for Subscription to \"" + subject + "\"'\r\n";
}

}  // namespace gnatsd::tests
