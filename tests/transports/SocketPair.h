// SocketPair: two connected stream sockets in this process; the first is the one under test.
//
// Threads: confined. Lifetime: closes what it still owns.

#pragma once

#include "tests/support/Where.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::reactor {

class SocketPair {
public:
    SocketPair() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) {
            tests::Where().fail("socketpair");
        }
        tested_ = ends[0];
        peer_ = ends[1];
        ::fcntl(tested_, F_SETFL, O_NONBLOCK);
    }
    ~SocketPair() {
        closeTested();
        closePeer();
    }
    SocketPair(const SocketPair&) = delete;
    SocketPair& operator=(const SocketPair&) = delete;

    int tested() const noexcept { return tested_; }
    /// The caller closes it from now on.
    int releaseTested() noexcept { return std::exchange(tested_, -1); }
    void closeTested() noexcept { closeIf(tested_); }
    void closePeer() noexcept { closeIf(peer_); }

    void send(std::string_view bytes) const {
        [[maybe_unused]] const ssize_t sent =
            ::send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// Writes to the tested end until its buffer is full.
    void fill() const {
        const std::string bytes(65536, 'f');
        while (::send(tested_, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
        }
    }
    /// Takes everything that is there, without waiting.
    std::string takeAll() const {
        std::string all;
        char buffer[65536];
        for (ssize_t size = 0; (size = ::recv(peer_, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) {
            all.append(buffer, static_cast<std::size_t>(size));
        }
        return all;
    }
    /// Waits for bytes; empty: the end of the stream.
    std::string receive(tests::Where where = {}) const {
        pollfd wanted{peer_, POLLIN, 0};
        if (::poll(&wanted, 1, 10'000) != 1) {
            where.fail("nothing came from the other end");
        }
        char buffer[65536];
        const ssize_t size = ::recv(peer_, buffer, sizeof buffer, MSG_DONTWAIT);
        return size > 0 ? std::string(buffer, static_cast<std::size_t>(size)) : std::string();
    }
    /// Waits until exactly these bytes have come.
    void expect(std::string_view bytes, tests::Where where = {}) const {
        std::string got;
        while (got.size() < bytes.size()) {
            const std::string more = receive(where);
            if (more.empty()) {
                break;
            }
            got += more;
        }
        if (got != bytes) {
            where.fail("other bytes came", "wanted: " + std::string(bytes) + "\ngot: " + got);
        }
    }

private:
    static void closeIf(int& fd) noexcept {
        if (fd >= 0) {
            ::close(std::exchange(fd, -1));
        }
    }

    int tested_ = -1;
    int peer_ = -1;
};

}  // namespace gnatsd::reactor
