// Client: one connection to a server, from the handshake on.
//
// Threads: one at a time. Lifetime: the socket closes with the object.
// Incoming bytes come in buffers lent by the caller; what is left of half an operation is carried
// over, so that thousands of idle connections own no buffer.

#pragma once

#include "tests/bench/Endpoint.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gnatsd::bench {

using Clock = std::chrono::steady_clock;

/// Smallest buffer for Client::receive(): the longest line that can be carried over, twice.
constexpr std::size_t kSmallBuffer = 1 << 17;

enum class Read { bytes, empty, closed };

class Secure;

class Client {
public:
    /// Connects and waits for the server's PONG. Throws ServerError.
    Client(const Endpoint& endpoint, std::string_view name, std::uint32_t sourceIndex = 0);
    ~Client();
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;

    int fd() const { return fd_; }

    /// Writes everything, waiting while the socket is full. Throws ServerError.
    void sendAll(std::string_view bytes);

    /// Writes what the socket takes now; answers how much, 0 when it is full: then the same bytes
    /// must follow. Throws ServerError.
    std::size_t sendSome(std::string_view bytes);

    /// Sends PING and waits until its PONG. Throws ServerError on -ERR, a message or silence.
    void roundTrip(std::chrono::seconds patience = std::chrono::seconds(60));

    /// Requires: buffer.size() >= kSmallBuffer, and above what was carried over.
    /// Fills `buffer` with the bytes carried over and those that have arrived; `got` views them.
    Read receive(std::span<char> buffer, std::string_view& got);

    /// Keeps the end of the last buffer for the next receive().
    void carry(std::string_view rest) { carried_.assign(rest); }

    /// Blocks until there is something to read; false when the time is over.
    bool waitReadable(std::chrono::milliseconds patience) const;

private:
    void startTls(Clock::time_point deadline);
    void awaitPong(Clock::time_point deadline);
    void waitWritable() const;

    int fd_ = -1;
    std::unique_ptr<Secure> secure_;
    std::string carried_;
};

}  // namespace gnatsd::bench
