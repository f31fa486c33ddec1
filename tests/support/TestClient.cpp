#include "tests/support/TestClient.h"

#include "kernel/Text.h"
#include "tests/support/TestServer.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <regex>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gnatsd::tests {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kShown = 400;

/// Waits until one of the events holds, or for too long.
bool ready(int fd, short events, Clock::time_point deadline) {
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) {
            return false;
        }
        pollfd wanted{fd, events, 0};
        const int count = ::poll(&wanted, 1, static_cast<int>(left.count()));
        if (count != 0 && !(count < 0 && errno == EINTR)) {
            return true;
        }
    }
}

std::string show(std::string_view bytes) {
    std::string text = kernel::snippet(bytes, kShown);
    if (bytes.size() > kShown) {
        text += "... (" + std::to_string(bytes.size()) + " bytes)";
    }
    return text;
}

}  // namespace

TestClient::TestClient(const TestServer& server, Where where) : TestClient(server, {}, where) {}

TestClient::TestClient(const TestServer& server, Socket socket, Where where) {
    open(server.port(), socket, where);
    info_ = line(where);
    if (!info_.starts_with("INFO {")) {
        where.fail("the greeting is no INFO", show(info_));
    }
}

TestClient::TestClient(std::uint16_t port, Socket socket, Where where) {
    open(port, socket, where);
}

TestClient::TestClient(TestClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      input_(std::move(other.input_)),
      info_(std::move(other.info_)) {}

TestClient::~TestClient() {
    close();
}

void TestClient::setReceiveBuffer(int bytes) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void TestClient::open(std::uint16_t port, Socket socket, Where where) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) {
        where.fail("socket: " + std::generic_category().message(errno));
    }
    if (socket.receiveBuffer > 0) {
        setReceiveBuffer(socket.receiveBuffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        where.fail("connect: " + std::generic_category().message(errno));
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
}

void TestClient::connect(std::string_view more, Where where) {
    std::string question = R"(CONNECT {"verbose":false,"pedantic":false)";
    question.append(more).append("}\r\nPING\r\n");
    ask(question, "PONG\r\n", where);
}

void TestClient::send(std::string_view bytes, Where where) {
    if (!trySend(bytes)) {
        where.fail("the server does not take what is sent", show(bytes));
    }
}

bool TestClient::trySend(std::string_view bytes) {
    const Clock::time_point deadline = Clock::now() + kPatience;
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EAGAIN || !ready(fd_, POLLOUT, deadline)) {
            return false;
        }
    }
    return true;
}

TestClient::Got TestClient::receive() {
    const Clock::time_point deadline = Clock::now() + kPatience;
    char buffer[65536];
    for (;;) {
        const ssize_t size = ::recv(fd_, buffer, sizeof buffer, 0);
        if (size > 0) {
            input_.append(buffer, static_cast<std::size_t>(size));
            return Got::bytes;
        }
        if (size == 0) {
            return Got::end;
        }
        if (errno != EAGAIN) {
            return Got::reset;
        }
        if (!ready(fd_, POLLIN, deadline)) {
            return Got::late;
        }
    }
}

void TestClient::failed(Got got, std::string_view wanted, Where where) const {
    std::string text = "other bytes came than wanted";
    if (got == Got::end) {
        text = "the server closed the connection";
    } else if (got == Got::reset) {
        text = "the server reset the connection";
    } else if (got == Got::late) {
        text = "the server did not answer in time";
    }
    // What is equal is not worth reading, but for a few bytes before the difference.
    constexpr std::size_t kBefore = 40;
    const std::size_t limit = std::min(wanted.size(), input_.size());
    std::size_t from = 0;
    while (from < limit && wanted[from] == input_[from]) {
        ++from;
    }
    from = from > kBefore ? from - kBefore : 0;
    where.fail(text, "from byte " + std::to_string(from) +
                         "\nwanted: " + show(wanted.substr(from)) +
                         "\ngot: " + show(std::string_view(input_).substr(from)));
}

void TestClient::need(std::size_t size, std::string_view wanted, Where where) {
    while (input_.size() < size) {
        if (const Got got = receive(); got != Got::bytes) {
            failed(got, wanted, where);
        }
    }
}

std::string TestClient::take(std::size_t size) {
    std::string taken = input_.substr(0, size);
    input_.erase(0, size);
    return taken;
}

void TestClient::expect(std::string_view bytes, Where where) {
    for (;;) {
        const std::size_t common = std::min(input_.size(), bytes.size());
        if (input_.compare(0, common, bytes, 0, common) != 0) {
            failed(Got::bytes, bytes, where);
        }
        if (common == bytes.size()) {
            input_.erase(0, common);
            return;
        }
        if (const Got got = receive(); got != Got::bytes) {
            failed(got, bytes, where);
        }
    }
}

std::string TestClient::line(Where where) {
    for (std::size_t looked = 0;;) {
        if (const std::size_t at = input_.find("\r\n", looked); at != std::string::npos) {
            std::string line = take(at);
            input_.erase(0, 2);
            return line;
        }
        looked = input_.empty() ? 0 : input_.size() - 1;
        if (const Got got = receive(); got != Got::bytes) {
            failed(got, "a line", where);
        }
    }
}

std::string TestClient::expectLine(const std::string& pattern, Where where) {
    std::string text = line(where);
    if (!std::regex_match(text, std::regex(pattern))) {
        where.fail("another line came than wanted", "wanted: " + pattern + "\ngot: " + show(text));
    }
    return text;
}

void TestClient::ask(std::string_view question, std::string_view answer, Where where) {
    send(question, where);
    expect(answer, where);
}

void TestClient::expectNothing(Where where) {
    ask("PING\r\n", "PONG\r\n", where);
}

void TestClient::expectClosed(Where where) {
    if (const Got got = input_.empty() ? receive() : Got::bytes; got != Got::end) {
        failed(got, "the end of the connection", where);
    }
}

std::string TestClient::untilClosed(Where where) {
    for (;;) {
        const Got got = receive();
        if (got == Got::late) {
            failed(got, "the end of the connection", where);
        }
        if (got != Got::bytes) {
            return std::exchange(input_, {});
        }
    }
}

std::string TestClient::bytes(std::size_t size, Where where) {
    need(size, std::to_string(size) + " bytes", where);
    return take(size);
}

std::uint16_t TestClient::localPort() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

void TestClient::closeWrite() {
    ::shutdown(fd_, SHUT_WR);
}

void TestClient::reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

void TestClient::close() {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

}  // namespace gnatsd::tests
