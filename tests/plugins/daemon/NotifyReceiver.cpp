#include "tests/plugins/daemon/NotifyReceiver.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gnatsd::tests {

NotifyReceiver::NotifyReceiver(const std::string& name)
    : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (name.size() >= sizeof address.sun_path) {
        throw std::runtime_error("too long for a socket: " + name);
    }
    std::memcpy(address.sun_path, name.data(), name.size());
    const bool isAbstract = name.front() == '@';
    if (isAbstract) {
        address.sun_path[0] = '\0';
    }
    const std::size_t length = offsetof(sockaddr_un, sun_path) + name.size() + (isAbstract ? 0 : 1);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)) !=
        0) {
        throw std::runtime_error("cannot bind " + name);
    }
}

NotifyReceiver::~NotifyReceiver() {
    ::close(fd_);
}

std::string NotifyReceiver::next(std::chrono::milliseconds limit) {
    pollfd polled{fd_, POLLIN, 0};
    if (::poll(&polled, 1, static_cast<int>(limit.count())) <= 0) {
        return {};
    }
    std::array<char, 4096> buffer{};
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    return count <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(count));
}

std::string NotifyReceiver::nextWith(const std::string& part) {
    for (std::string message = next(); !message.empty(); message = next()) {
        if (message.find(part) != std::string::npos) {
            return message;
        }
    }
    return {};
}

}  // namespace gnatsd::tests
