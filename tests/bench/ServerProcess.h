// ServerProcess: a NATS server started for a run, on a free port of 127.0.0.1.
//
// Learns the port from the ports file that nats-server and gnatsd write. Its log goes to a file in
// a private directory under the system's temporary one.
// Threads: one at a time. Lifetime: the destructor ends the process and removes the directory.

#pragma once

#include "tests/bench/Endpoint.h"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gnatsd::bench {

class ServerProcess {
public:
    enum class Transport { plain, tls };

    /// `wrapper`: a command that runs the server, such as valgrind and its flags. `tls`: with a
    /// certificate made for it, and patience for stalled handshakes.
    /// Throws ServerError, with the end of the server's log, when it does not start.
    explicit ServerProcess(const std::string& program, Transport transport = Transport::plain,
                           const std::vector<std::string>& wrapper = {});
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    pid_t pid() const { return pid_; }
    const Endpoint& endpoint() const { return endpoint_; }

    /// Ends the process; its log stays.
    void stop() noexcept;

    /// The end of what the server has written to its log.
    std::string logTail() const;

private:
    std::string writeTlsFile() const;
    void spawn(std::vector<std::string> words);
    bool readPorts();
    void removeFiles() noexcept;

    std::filesystem::path directory_;
    pid_t pid_ = -1;
    Endpoint endpoint_;
};

}  // namespace gnatsd::bench
