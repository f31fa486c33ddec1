#include "transports/reactor/ListenSocket.h"

#include <Poco/Exception.h>

#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gnatsd::reactor {

namespace {

constexpr int kBacklog = 4096;

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// The system's words in the form of other NATS servers' logs: lower case (CLI-65).
std::string reason(int error) {
    std::string text = std::generic_category().message(error);
    if (!text.empty()) {
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    }
    return text;
}

[[noreturn]] void refuse(const std::string& host, std::uint16_t port, const std::string& why) {
    throw Poco::IOException("listen tcp " + hostPort(host, port) + ": " + why);
}

/// `0.0.0.0` means every address of the machine, IPv6 included, as clients of other NATS servers
/// are used to: what they call localhost may be ::1.
AddressList resolve(const std::string& host, std::uint16_t port) {
    const bool everything = host == "0.0.0.0";
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int failed = ::getaddrinfo(everything ? nullptr : host.c_str(),
                                     std::to_string(port).c_str(), &hints, &list);
    if (failed != 0) {
        refuse(host, port, std::string("lookup ") + host + ": " + ::gai_strerror(failed));
    }
    return {list, &::freeaddrinfo};
}

void setOption(int fd, int level, int option) {
    const int on = 1;
    ::setsockopt(fd, level, option, &on, sizeof on);
}

void setPort(sockaddr* address, std::uint16_t port) {
    if (address->sa_family == AF_INET6) {
        reinterpret_cast<sockaddr_in6*>(address)->sin6_port = htons(port);
    } else {
        reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(port);
    }
}

std::uint16_t boundPort(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.ss_family == AF_INET6
                     ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                     : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

/// Answers the descriptor, or the negative errno with the failed step's name in `step`.
int listenOn(const addrinfo& address, const char*& step) {
    step = "socket";
    const int fd = ::socket(address.ai_family, SOCK_STREAM, 0);
    if (fd < 0) {
        return -errno;
    }
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    setOption(fd, SOL_SOCKET, SO_REUSEADDR);
    if (address.ai_family == AF_INET6) {
        setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    }
    step = "bind";
    if (::bind(fd, address.ai_addr, address.ai_addrlen) == 0) {
        step = "listen";
        if (::listen(fd, kBacklog) == 0) {
            return fd;
        }
    }
    const int error = errno;
    ::close(fd);
    return -error;
}

}  // namespace

std::string hostPort(const std::string& host, std::uint16_t port) {
    const bool brackets = host.find(':') != std::string::npos;
    return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::vector<ListenSocket> ListenSocket::bindAll(const std::string& host, std::uint16_t port) {
    constexpr int kTries = 16;
    std::vector<ListenSocket> sockets;
    // A port that is free on one address may be in use on the next.
    for (int i = 0; i < kTries && sockets.empty(); ++i) {
        sockets = tryAll(host, port, i + 1 < kTries);
    }
    return sockets;
}

std::vector<ListenSocket> ListenSocket::tryAll(const std::string& host, std::uint16_t port,
                                               bool mayFail) {
    const AddressList list = resolve(host, port);
    std::vector<ListenSocket> sockets;
    std::string why = "no address";
    for (addrinfo* address = list.get(); address != nullptr; address = address->ai_next) {
        if (!sockets.empty()) {
            setPort(address->ai_addr, sockets.front().port());
        }
        const char* step = "";
        const int fd = listenOn(*address, step);
        if (fd >= 0) {
            sockets.push_back(ListenSocket(fd, boundPort(fd)));
            continue;
        }
        if (fd == -EADDRINUSE && port == 0 && mayFail) {
            return {};
        }
        why = std::string(step) + ": " + reason(-fd);
        // A name may resolve to an address that this machine does not have (::1 without IPv6);
        // anything else, a port in use above all, must not be passed over.
        if (fd != -EADDRNOTAVAIL && fd != -EAFNOSUPPORT) {
            refuse(host, port, why);
        }
    }
    if (sockets.empty()) {
        refuse(host, port, why);
    }
    return sockets;
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), port_(other.port_) {}

ListenSocket::~ListenSocket() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

}  // namespace gnatsd::reactor
