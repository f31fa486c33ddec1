// ServerProcess: a gnatsd of its own on a free port, and raw conversations with it.
//
// Threads: one.
// Lifetime: the destructor ends the server and waits for it.

#pragma once

#include "tests/plugins/Fixtures.h"

#include <Poco/Process.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gnatsd::tests {

class ServerProcess {
public:
    /// Starts it and waits until it serves. Throws Poco::RuntimeException when it does not.
    ServerProcess(const std::string& program, std::vector<std::string> arguments);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    Poco::Process::PID pid() const { return process_->id(); }

    /// Connects, sends `lines` after INFO has come, and answers everything up to a PONG, an -ERR
    /// or the end of the connection.
    std::string talk(const std::string& lines) const;

    /// Ends it with TERM; answers its exit status.
    int stop();

private:
    bool readPort();

    TempFolder folder_;
    std::optional<Poco::ProcessHandle> process_;
    std::uint16_t port_ = 0;
};

}  // namespace gnatsd::tests
