// The ways a run can fail, and the exit status each one gives.
//
// 0: everything arrived as it should. 1: a message was lost, repeated or out of order, or a wanted
// figure was missed. 2: the command line is wrong. 3: the server cannot be reached or started.

#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace gnatsd::bench {

enum class Exit { ok = 0, checkFailed = 1, usage = 2, server = 3 };

class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class ServerError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// "what: text of errno".
inline std::string systemMessage(const std::string& what, int error = errno) {
    return what + ": " + std::system_category().message(error);
}

}  // namespace gnatsd::bench
