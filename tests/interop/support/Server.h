// A broker process that belongs to this test: the executable that the environment variable GNATSD
// names, listening on a free port of 127.0.0.1. The port stays the same over kill() and start(), so
// that clients can find the broker again.
// Threads: one. Lifetime: the destructor kills the process and removes the folder of its ports
// file.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace gnatsd::interop {

class Server {
public:
    /// Starts the broker and returns when it accepts connections; `configuration` is the text of a
    /// file for it. Throws std::runtime_error.
    explicit Server(const std::string& configuration = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Starts the broker again, on the port it had. Requires: kill() was called before.
    void start();

    /// SIGKILL, as a crash would be; returns when the process is gone.
    void kill() noexcept;

    std::uint16_t port() const { return port_; }
    std::string url() const { return "nats://127.0.0.1:" + std::to_string(port_); }
    pid_t pid() const { return pid_; }

private:
    std::string configurationFile() const { return folder_ + "/server.conf"; }
    void launch();
    void awaitPortsFile();

    std::string executable_;
    std::string folder_;
    bool hasConfiguration_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace gnatsd::interop
