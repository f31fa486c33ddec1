// TestClient: a raw socket to a server. What it expects must come, byte for byte, before a
// deadline; a failure shows the caller's line and what came instead.
//
// Nothing ever sleeps: that something does not come is shown by a PING, whose PONG must be next.
//
// Threads: confined.

#pragma once

#include "tests/support/Where.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gnatsd::tests {

class TestServer;

class TestClient {
public:
    struct Socket {
        int receiveBuffer = 0;  // bytes; 0: the system's choice
    };

    /// Connects and takes the INFO line.
    explicit TestClient(const TestServer& server, Where where = {});
    TestClient(const TestServer& server, Socket socket, Where where = {});
    /// Connects to 127.0.0.1 and leaves everything unread.
    TestClient(std::uint16_t port, Socket socket, Where where = {});
    TestClient(TestClient&& other) noexcept;
    ~TestClient();
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;
    TestClient& operator=(TestClient&&) = delete;

    /// CONNECT without verbose and pedantic, plus `more` fields: `,"echo":false`. Waits for PONG.
    void connect(std::string_view more = {}, Where where = {});

    void send(std::string_view bytes, Where where = {});
    /// Sends as far as the server takes it; answers whether it took all.
    bool trySend(std::string_view bytes);

    void expect(std::string_view bytes, Where where = {});
    /// Takes one line, which must fit; answers it without CRLF.
    std::string expectLine(const std::string& pattern, Where where = {});
    /// sends and expects.
    void ask(std::string_view question, std::string_view answer, Where where = {});
    /// Nothing more has come, and what was sent is worked off.
    void expectNothing(Where where = {});
    /// The server ends the connection in order, and sends nothing before.
    void expectClosed(Where where = {});
    /// The server ends the connection in whatever way; answers what it sent before.
    std::string untilClosed(Where where = {});

    /// From now on takes more at once: for those who began with a small buffer.
    void setReceiveBuffer(int bytes);
    /// One line without CRLF.
    std::string line(Where where = {});
    /// Exactly so many bytes.
    std::string bytes(std::size_t size, Where where = {});

    const std::string& info() const noexcept { return info_; }
    std::uint16_t localPort() const;
    int fd() const noexcept { return fd_; }

    void closeWrite();
    /// Ends with a reset, as the end of a killed process with unread input does.
    void reset();
    void close();

private:
    enum class Got { bytes, end, reset, late };

    void open(std::uint16_t port, Socket socket, Where where);
    Got receive();
    void need(std::size_t size, std::string_view wanted, Where where);
    std::string take(std::size_t size);
    [[noreturn]] void failed(Got got, std::string_view wanted, Where where) const;

    int fd_ = -1;
    std::string input_;  // received, not yet taken
    std::string info_;
};

}  // namespace gnatsd::tests
