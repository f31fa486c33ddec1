// StormServer: a gnatsd process with bcrypt users and a user with a plain password, and the clients
// that measure it: "fast" connects anew, an echo pair that is connected all the time.
//
// Threads: one for each of the measuring calls.

#pragma once

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/ServerProcess.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

class StormServer {
public:
    using Micros = std::chrono::microseconds;

    struct Shape {
        std::size_t users = 0;
        int cost = 4;
        int timeoutSeconds = 2;
        /// Without it every check computes a hash, so that users may share hashes.
        bool hasCache = true;
    };

    /// The bcrypt users "b0" to "b<users - 1>" and "fast", who has a plain one, all have the
    /// password "secret".
    StormServer(const std::string& program, const Shape& shape);

    std::uint16_t port() const { return server_->port(); }

    /// The CONNECT of a bcrypt user.
    static std::string connectLine(std::size_t number);

    /// How long "fast" takes from connecting to its PONG. Throws when it is refused.
    Micros connectFast() const;

    /// Round trips of a small message through the server, one after the other, while it is wanted.
    std::vector<Micros> echo(const std::function<bool()>& isWanted) const;

private:
    TempFolder folder_;
    std::unique_ptr<ServerProcess> server_;
};

}  // namespace gnatsd::tests
