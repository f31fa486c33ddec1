#include "tests/plugins/log/LogFixture.h"

#include "plugins/host/log/ConsoleSink.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::tests {

namespace {

constexpr int kDeadline = 10'000;  // milliseconds

}  // namespace

Pipe::Pipe() {
    CPPUNIT_ASSERT_EQUAL(0, ::pipe2(ends_.data(), O_CLOEXEC));
}

Pipe::~Pipe() {
    closeWriter();
    closeReader();
}

std::string Pipe::readAll() {
    closeWriter();
    return readToEnd();
}

std::string Pipe::readToEnd() const {
    std::string text;
    std::array<char, 65536> buffer{};
    ssize_t count = 0;
    while ((count = ::read(ends_[0], buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

std::size_t Pipe::readSome() const {
    std::array<char, 65536> buffer{};
    const ssize_t count = ::read(ends_[0], buffer.data(), buffer.size());
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void Pipe::closeEnd(std::size_t end) {
    if (ends_[end] >= 0) {
        ::close(ends_[end]);
        ends_[end] = -1;
    }
}

SyslogReceiver::SyslogReceiver(Kind kind, std::string path, std::uint16_t port)
    : kind_(kind), path_(std::move(path)) {
    sockaddr_storage address = {};
    socklen_t length = 0;
    const bool isUnix = kind == Kind::unixDatagram || kind == Kind::unixStream;
    if (isUnix) {
        auto* name = reinterpret_cast<sockaddr_un*>(&address);
        CPPUNIT_ASSERT(path_.size() < sizeof name->sun_path);
        name->sun_family = AF_UNIX;
        std::memcpy(name->sun_path, path_.data(), path_.size());
        length = sizeof *name;
        ::unlink(path_.c_str());
    } else {
        auto* name = reinterpret_cast<sockaddr_in*>(&address);
        name->sin_family = AF_INET;
        name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        name->sin_port = htons(port);
        length = sizeof *name;
    }
    socket_ =
        ::socket(address.ss_family, (isStream() ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto* bytes = reinterpret_cast<sockaddr*>(&address);
    CPPUNIT_ASSERT_EQUAL(0, ::bind(socket_, bytes, length));
    if (isStream()) {
        CPPUNIT_ASSERT_EQUAL(0, ::listen(socket_, 5));
    }
    if (!isUnix) {
        ::getsockname(socket_, bytes, &length);
        port_ = ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
    }
}

SyslogReceiver::~SyslogReceiver() {
    hangUp();
    ::close(socket_);
    if (!path_.empty()) {
        ::unlink(path_.c_str());
    }
}

std::string SyslogReceiver::url() const {
    const std::string authority = "127.0.0.1:" + std::to_string(port_);
    return !path_.empty()       ? "unix://" + path_
           : kind_ == Kind::udp ? "udp://" + authority
                                : "tcp://" + authority;
}

std::vector<std::string> SyslogReceiver::receive(std::size_t count) {
    std::vector<std::string> got;
    while (got.size() < count) {
        const std::size_t end = isStream() ? pending_.find('\n') : pending_.size() - 1;
        if (pending_.empty() || end == std::string::npos) {
            if (!fill()) {
                break;
            }
            continue;
        }
        got.push_back(pending_.substr(0, end + 1));
        pending_.erase(0, end + 1);
    }
    return got;
}

void SyslogReceiver::hangUp() {
    if (connection_ >= 0) {
        ::close(connection_);
        connection_ = -1;
    }
}

bool SyslogReceiver::await(int fd) const {
    pollfd waited = {fd, POLLIN, 0};
    return ::poll(&waited, 1, kDeadline) > 0;
}

bool SyslogReceiver::fill() {
    if (isStream() && connection_ < 0) {
        if (!await(socket_)) {
            return false;
        }
        connection_ = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    }
    const int fd = isStream() ? connection_ : socket_;
    if (!await(fd)) {
        return false;
    }
    const ssize_t count = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (count <= 0) {
        return false;
    }
    pending_.append(buffer_.data(), static_cast<std::size_t>(count));
    return true;
}

std::unique_ptr<host::LogSink> pipeSink(const Pipe& pipe, bool colours, bool time) {
    host::LogSettings settings;
    settings.time = time;
    return std::make_unique<host::ConsoleSink>(pipe.writer(),
                                               host::makeLineFormat(settings, colours));
}

host::LogSettings fileSettings(const std::string& path) {
    host::LogSettings settings;
    settings.file = path;
    settings.time = false;
    return settings;
}

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string> linesOfFile(const std::string& path) {
    return linesOf(readFile(path));
}

std::string pidText() {
    return "[" + std::to_string(::getpid()) + "] ";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace gnatsd::tests
