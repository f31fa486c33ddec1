// Notify: what the service manager is told (systemd's Type=notify), in datagrams to the socket that
// it names in the environment. Without a service manager all calls do nothing.
//
// Threads: main. Lifetime: the log outlives it.

#pragma once

#include "kernel/Log.h"

#include <chrono>
#include <string>

namespace gnatsd::host {

/// What the environment says about the service manager.
struct ServiceManager {
    std::string socket;                     // a path, or @ and an abstract name; empty: none
    std::chrono::microseconds watchdog{0};  // without a sign of life for so long it ends us; 0: no

    /// Takes it out of the environment, so that no child process believes that it is meant.
    /// Requires: no other thread runs.
    static ServiceManager takeFromEnvironment();
};

class Notify {
public:
    Notify(const ServiceManager& manager, kernel::Log& log);
    ~Notify();
    Notify(const Notify&) = delete;
    Notify& operator=(const Notify&) = delete;

    /// Clients are served; also the end of reloading().
    void ready(const std::string& status);
    void reloading();
    void status(const std::string& text);
    void stopping();
    /// The sign of life that the watchdog waits for.
    void alive();

private:
    void send(const std::string& message);
    void fail(int error);

    kernel::Log& log_;
    int fd_ = -1;
};

}  // namespace gnatsd::host
