// ListenSocket: a bound and listening TCP socket. Owns the descriptor.
//
// Threads: confined. Not reached from the data path; resolving a host name may block.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::reactor {

class ListenSocket {
public:
    /// Binds every address the host resolves to that can be bound, IPv4 and IPv6; `0.0.0.0` means
    /// all of both. Port 0 picks a free one, the same for all of them.
    /// Throws Poco::IOException: `listen tcp HOST:PORT: bind: address already in use`.
    static std::vector<ListenSocket> bindAll(const std::string& host, std::uint16_t port);

    ListenSocket(ListenSocket&& other) noexcept;
    ListenSocket& operator=(ListenSocket&&) = delete;
    ListenSocket(const ListenSocket&) = delete;
    ListenSocket& operator=(const ListenSocket&) = delete;
    ~ListenSocket();

    int fd() const noexcept { return fd_; }
    std::uint16_t port() const noexcept { return port_; }

private:
    /// Empty when a port that was picked is in use on another address, if that `mayFail`.
    static std::vector<ListenSocket> tryAll(const std::string& host, std::uint16_t port,
                                            bool mayFail);
    ListenSocket(int fd, std::uint16_t port) noexcept : fd_(fd), port_(port) {}

    int fd_;
    std::uint16_t port_;
};

/// `host:port`, an IPv6 host in brackets.
std::string hostPort(const std::string& host, std::uint16_t port);

}  // namespace gnatsd::reactor
