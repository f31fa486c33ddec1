#include "transports/reactor/Acceptor.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <future>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace gnatsd::reactor {

namespace {

/// Answers the descriptor, or the negative errno.
int acceptFrom(int listener, sockaddr_storage& peer) {
    socklen_t size = sizeof peer;
    const int fd = ::accept(listener, reinterpret_cast<sockaddr*>(&peer), &size);
    if (fd < 0) {
        return -errno;
    }
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

Accepted describe(int fd, const sockaddr_storage& peer) {
    char text[INET6_ADDRSTRLEN] = {};
    if (peer.ss_family == AF_INET6) {
        const auto& address = reinterpret_cast<const sockaddr_in6&>(peer);
        ::inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof text);
        return {fd, text, ntohs(address.sin6_port)};
    }
    const auto& address = reinterpret_cast<const sockaddr_in&>(peer);
    ::inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
    return {fd, text, ntohs(address.sin_port)};
}

bool outOfResources(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Acceptor::Acceptor(Reactor& reactor, ListenSocket socket, std::function<void(Accepted)> onAccept)
    : reactor_(reactor), socket_(std::move(socket)), onAccept_(std::move(onAccept)) {}

Acceptor::~Acceptor() {
    close();
}

void Acceptor::open() {
    opened_ = true;
    reactor_.post([this] {
        reactor_.poller().add(socket_.fd(), *this, {true, false});
        registered_ = true;
    });
}

void Acceptor::close() {
    if (!std::exchange(opened_, false)) {
        return;
    }
    std::promise<void> done;
    reactor_.post([this, &done] {
        reactor_.timers().cancel(*this);
        if (std::exchange(registered_, false)) {
            reactor_.poller().remove(socket_.fd());
        }
        done.set_value();
    });
    done.get_future().wait();
}

void Acceptor::onReady(const PollEvent&) {
    for (int i = 0; i < kBatch && registered_ && !paused_; ++i) {
        if (!acceptOne()) {
            return;
        }
    }
}

bool Acceptor::acceptOne() {
    sockaddr_storage peer{};
    const int fd = acceptFrom(socket_.fd(), peer);
    if (fd >= 0) {
        onAccept_(describe(fd, peer));
        return true;
    }
    if (outOfResources(-fd)) {
        pause(-fd);
    }
    return fd == -ECONNABORTED || fd == -EINTR;  // these concern one peer only
}

void Acceptor::pause(int error) {
    paused_ = true;
    reactor_.log().write(kernel::Level::error,
                         "Client Accept error: " + std::generic_category().message(error) +
                             "; accepting nothing until there is room again");
    reactor_.poller().change(socket_.fd(), *this, {false, false});
    reactor_.timers().schedule(*this, reactor_.shard().now + kPause);
}

Clock::time_point Acceptor::onTimer(Clock::time_point now) {
    // Try quietly: the log has its line, and another one only says that it works again.
    sockaddr_storage peer{};
    const int fd = acceptFrom(socket_.fd(), peer);
    if (fd < 0 && outOfResources(-fd)) {
        return now + kPause;
    }
    paused_ = false;
    reactor_.log().write(kernel::Level::info, "Accepting client connections again");
    reactor_.poller().change(socket_.fd(), *this, {true, false});
    if (fd >= 0) {
        onAccept_(describe(fd, peer));
    }
    return Clock::time_point::max();
}

}  // namespace gnatsd::reactor
