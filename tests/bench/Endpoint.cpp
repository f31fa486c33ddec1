#include "tests/bench/Endpoint.h"

#include "tests/bench/Error.h"

#include <arpa/inet.h>
#include <charconv>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gnatsd::bench {

namespace {

// Below the size of the usual range of local ports.
constexpr std::uint32_t kConnectionsPerSource = 20000;
// For everything but the connections.
constexpr std::uint64_t kSpareDescriptors = 64;

[[noreturn]] void refuse(std::string_view url) {
    throw UsageError("\"" + std::string(url) + "\" is not an address like nats://127.0.0.1:4222");
}

void bindToLoopbackSource(int fd, std::uint32_t group) {
    sockaddr_in source{};
    source.sin_family = AF_INET;
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + group);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0) {
        throw ServerError(systemMessage("bind to another loopback address"));
    }
}

}  // namespace

bool Endpoint::isLoopback() const {
    return host.starts_with("127.");
}

Endpoint parseEndpoint(std::string_view url) {
    std::string_view rest = url;
    Endpoint endpoint;
    if (const auto end = rest.find("://"); end != std::string_view::npos) {
        const std::string_view scheme = rest.substr(0, end);
        endpoint.tls = scheme == "tls";
        if (!endpoint.tls && scheme != "nats" && scheme != "tcp") {
            refuse(url);
        }
        rest.remove_prefix(end + 3);
    }
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        const std::string_view who = rest.substr(0, at);
        const auto colon = who.find(':');
        endpoint.user = who.substr(0, colon);
        endpoint.password = colon == std::string_view::npos ? "" : who.substr(colon + 1);
        rest.remove_prefix(at + 1);
    }
    // An IPv6 address stands in brackets: its own colons are no port.
    const auto bracket = rest.rfind(']');
    const auto colon = rest.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        const std::string_view port = rest.substr(colon + 1);
        const char* const last = port.data() + port.size();
        const auto [end, error] = std::from_chars(port.data(), last, endpoint.port);
        if (error != std::errc{} || end != last || endpoint.port == 0) {
            refuse(url);
        }
        rest = rest.substr(0, colon);
    }
    if (rest.starts_with('[') && rest.ends_with(']')) {
        rest = rest.substr(1, rest.size() - 2);
    }
    if (rest.empty() || rest.find('/') != std::string_view::npos) {
        refuse(url);
    }
    endpoint.host = rest;
    return endpoint;
}

void wantDescriptors(std::uint64_t connections) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < connections + kSpareDescriptors) {
        throw ServerError("the limit of open files is " + std::to_string(limit.rlim_max) +
                          ", too low for " + std::to_string(connections) + " connections");
    }
}

int dial(const Endpoint& endpoint, std::uint32_t sourceIndex) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(endpoint.port);
    const std::string where = endpoint.host + ":" + port;
    if (const int error = ::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found)) {
        throw ServerError("cannot resolve " + where + ": " + ::gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    int lastError = ECONNREFUSED;
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        const int fd = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw ServerError(systemMessage("socket"));
        }
        if (sourceIndex >= kConnectionsPerSource && endpoint.isLoopback()) {
            bindToLoopbackSource(fd, sourceIndex / kConnectionsPerSource);
        }
        if (::connect(fd, address->ai_addr, address->ai_addrlen) == 0) {
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
            return fd;
        }
        lastError = errno;
        ::close(fd);
    }
    throw ServerError(systemMessage("cannot connect to " + where, lastError));
}

}  // namespace gnatsd::bench
