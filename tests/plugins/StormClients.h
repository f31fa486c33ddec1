// StormClients: many clients that connect at once, each until it is let in, as clients do that have
// lost their server.
//
// Threads: run() on a thread of its own; the counters from any.

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <sys/epoll.h>
#include <vector>

namespace gnatsd::tests {

class StormClients {
public:
    using Clock = std::chrono::steady_clock;

    /// `connectLine` answers the CONNECT of client number n.
    StormClients(std::uint16_t port, std::size_t count,
                 std::function<std::string(std::size_t)> connectLine);
    ~StormClients();
    StormClients(const StormClients&) = delete;
    StormClients& operator=(const StormClients&) = delete;

    /// Until all are in, or stop() is called, or the time is over. Answers whether all are in.
    bool run(std::chrono::milliseconds limit);
    void stop() { stopping_ = true; }

    /// Ends all connections; run() may begin again.
    void disconnect();

    std::size_t inside() const { return inside_; }
    std::size_t refused() const { return refused_; }  // attempts

private:
    enum class State { idle, connecting, waiting, in };

    struct Client {
        int fd = -1;
        State state = State::idle;
        Clock::time_point next;  // when it tries again
        std::string input;
    };

    void openSome();
    void open(std::size_t number);
    void watch(std::size_t number, std::uint32_t events, int how) const;
    void serve(std::size_t number, std::uint32_t events);
    void fail(Client& client);
    void close(Client& client);

    const std::uint16_t port_;
    const std::function<std::string(std::size_t)> connectLine_;
    // Not poll(): a kernel that is not preempted would hold up all others for each long list.
    const int poller_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Client> clients_;
    std::size_t opening_ = 0;
    std::atomic<std::size_t> inside_{0};
    std::atomic<std::size_t> refused_{0};
    std::atomic<bool> stopping_{false};
};

/// The value below which `part` of the values lie. Requires: not empty.
std::chrono::microseconds percentile(std::vector<std::chrono::microseconds> values, double part);

}  // namespace gnatsd::tests
