#include "tests/bench/Client.h"

#include "tests/bench/Error.h"
#include "tests/bench/Frame.h"
#include "tests/bench/Secure.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::bench {

namespace {

constexpr std::chrono::seconds kPatience{10};

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

std::string connectLine(const Endpoint& endpoint, std::string_view name) {
    std::string line = R"(CONNECT {"verbose":false,"pedantic":false,"lang":"c++","version":"1",)"
                       R"("protocol":1,"name":)" +
                       quoted(name);
    if (!endpoint.user.empty()) {
        line += ",\"user\":" + quoted(endpoint.user) + ",\"pass\":" + quoted(endpoint.password);
    }
    return line + "}\r\nPING\r\n";
}

bool waitFor(int fd, short events, std::chrono::milliseconds patience) {
    pollfd entry{fd, events, 0};
    int ready = 0;
    do {
        ready = ::poll(&entry, 1, static_cast<int>(patience.count()));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

Read receivePlain(int fd, std::span<char> room, std::size_t& size) {
    ssize_t read = 0;
    do {
        read = ::recv(fd, room.data(), room.size(), 0);
    } while (read < 0 && errno == EINTR);
    if (read < 0 && errno == EAGAIN) {
        return Read::empty;
    }
    size = read > 0 ? static_cast<std::size_t>(read) : 0;
    return read > 0 ? Read::bytes : Read::closed;
}

}  // namespace

Client::Client(const Endpoint& endpoint, std::string_view name, std::uint32_t sourceIndex)
    : fd_(dial(endpoint, sourceIndex)) {
    try {
        const auto deadline = Clock::now() + kPatience;
        if (endpoint.tls) {
            startTls(deadline);
        }
        sendAll(connectLine(endpoint, name));
        awaitPong(deadline);
    } catch (...) {
        ::close(fd_);
        throw;
    }
}

Client::~Client() {
    secure_.reset();
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

Client::Client(Client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      secure_(std::move(other.secure_)),
      carried_(std::move(other.carried_)) {}

/// INFO comes in clear, and nothing behind it before the handshake.
void Client::startTls(Clock::time_point deadline) {
    std::array<char, kSmallBuffer> buffer;
    std::string_view got;
    while (readFrame(got).op != Op::info) {
        carry(got);
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || !waitReadable(left) || receive(buffer, got) == Read::closed) {
            throw ServerError("no INFO from the server");
        }
    }
    secure_ = std::make_unique<Secure>(fd_, deadline);
}

void Client::sendAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t sent = sendSome(bytes);
        bytes.remove_prefix(sent);
        if (sent == 0) {
            waitWritable();
        }
    }
}

std::size_t Client::sendSome(std::string_view bytes) {
    if (secure_) {
        return secure_->sendSome(bytes);
    }
    while (true) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            return static_cast<std::size_t>(sent);
        }
        if (errno == EAGAIN) {
            return 0;
        }
        if (errno != EINTR) {
            throw ServerError(systemMessage("send"));
        }
    }
}

void Client::waitWritable() const {
    if (!waitFor(fd_, POLLOUT, kPatience)) {
        throw ServerError("the server has not read for 10 seconds");
    }
}

bool Client::waitReadable(std::chrono::milliseconds patience) const {
    return waitFor(fd_, POLLIN, patience);
}

Read Client::receive(std::span<char> buffer, std::string_view& got) {
    const std::size_t old = carried_.size();
    std::copy(carried_.begin(), carried_.end(), buffer.begin());
    std::size_t size = 0;
    const std::span<char> room = buffer.subspan(old);
    const Read read = secure_ ? secure_->receive(room, size) : receivePlain(fd_, room, size);
    if (read == Read::bytes) {
        carried_.clear();
        got = std::string_view(buffer.data(), old + size);
    }
    return read;
}

void Client::roundTrip(std::chrono::seconds patience) {
    sendAll("PING\r\n");
    awaitPong(Clock::now() + patience);
}

void Client::awaitPong(Clock::time_point deadline) {
    std::array<char, kSmallBuffer> buffer;
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || !waitReadable(left)) {
            throw ServerError("no PONG from the server in time");
        }
        std::string_view got;
        const Read read = receive(buffer, got);
        if (read == Read::closed) {
            throw ServerError("the server closed the connection");
        }
        bool done = false;
        while (read == Read::bytes && !done) {
            const Frame frame = readFrame(got);
            if (frame.op == Op::incomplete || frame.length > got.size()) {
                break;
            }
            got.remove_prefix(frame.length);
            if (frame.op == Op::ping) {
                sendAll("PONG\r\n");
            } else if (frame.op == Op::pong) {
                done = true;
            } else if (frame.op != Op::info && frame.op != Op::ok) {
                throw ServerError("the server says " + std::string(frame.line));
            }
        }
        if (read == Read::bytes) {
            carry(got);
        }
        if (done) {
            return;
        }
    }
}

}  // namespace gnatsd::bench
