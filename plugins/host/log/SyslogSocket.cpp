#include "plugins/host/log/SyslogSocket.h"

#include "plugins/host/HostError.h"
#include "plugins/host/SystemError.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace gnatsd::host {

namespace {

using Milliseconds = OutputWait::Milliseconds;

constexpr Milliseconds kConnectTime{5000};
constexpr Milliseconds kFirstDelay{100};
constexpr Milliseconds kLongestDelay{5000};
constexpr int kUnansweredTime = 30'000;  // milliseconds until a silent TCP peer counts as gone
constexpr int kSendFlags = MSG_DONTWAIT | MSG_NOSIGNAL;

void noticeSilence(int fd) {
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
#ifdef TCP_USER_TIMEOUT
    ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnansweredTime, sizeof kUnansweredTime);
#endif
}

/// Halves a message that was too long, and says so in it.
bool shorten(std::string& message) {
    constexpr std::string_view kCut = "...[cut]\n";
    constexpr std::size_t kShortest = 480;  // what RFC 3164's receivers take at the least
    if (message.size() < 2 * kShortest) {
        return false;
    }
    message.resize(message.size() / 2);
    while ((static_cast<unsigned char>(message.back()) & 0xc0U) == 0x80U) {
        message.pop_back();
    }
    if ((static_cast<unsigned char>(message.back()) & 0x80U) != 0) {
        message.pop_back();
    }
    message += kCut;
    return true;
}

}  // namespace

SyslogSocket::SyslogSocket(SyslogTarget target, const OutputWait& wait)
    : target_(std::move(target)), wait_(wait) {}

void SyslogSocket::connect() {
    const int error = connectAny();
    if (error == 0) {
        return;
    }
    throw HostError(syslogConnectError(!target_.failure.empty()
                                           ? target_.failure
                                           : "dial " + target_.addresses.front().name +
                                                 ": connect: " + systemErrorText(error)));
}

bool SyslogSocket::send(std::string& message) {
    while (true) {
        if (socket_ && peerHasGone()) {
            socket_.reset();
        }
        if (socket_ || connectAny() == 0) {
            const Sent sent = sendOn(message);
            if (sent != Sent::broken) {
                delay_ = Milliseconds::zero();
                return sent == Sent::yes;
            }
            socket_.reset();
        }
        // The first attempt comes at once: a syslog that was restarted is there again.
        if (wait_.cancelled() || !wait_.pause(delay_)) {
            return false;
        }
        delay_ = std::clamp(delay_ * 2, kFirstDelay, kLongestDelay);
    }
}

int SyslogSocket::connectAny() {
    int first = 0;
    for (std::size_t i = 0; i < target_.addresses.size(); ++i) {
        const int error = connectTo(target_.addresses[i], wait_, socket_);
        if (error == 0) {
            used_ = i;
            return 0;
        }
        first = first == 0 ? error : first;
    }
    return first;
}

int SyslogSocket::connectTo(const SyslogAddress& address, const OutputWait& wait, Descriptor& out) {
    Descriptor fd(::socket(address.bytes.ss_family, address.type, 0));
    if (!fd) {
        return errno;
    }
    ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
    const auto* bytes = reinterpret_cast<const sockaddr*>(&address.bytes);
    if (::connect(fd.get(), bytes, address.length) != 0) {
        if (errno != EINPROGRESS) {
            return errno;
        }
        int error = ETIMEDOUT;
        socklen_t length = sizeof error;
        if (!wait.ready(fd.get(), POLLOUT, kConnectTime) ||
            ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0) {
            return error;
        }
    }
    if (address.type == SOCK_STREAM && address.bytes.ss_family != AF_UNIX) {
        noticeSilence(fd.get());
    }
    out = std::move(fd);
    return 0;
}

SyslogSocket::Sent SyslogSocket::sendOn(std::string& message) {
    return target_.addresses[used_].type == SOCK_STREAM ? sendStream(message)
                                                        : sendDatagram(message);
}

SyslogSocket::Sent SyslogSocket::sendStream(std::string_view message) const {
    while (!message.empty()) {
        const auto count = ::send(socket_.get(), message.data(), message.size(), kSendFlags);
        if (count >= 0) {
            message.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            if (!wait_.ready(socket_.get(), POLLOUT)) {
                return Sent::cancelled;
            }
        } else if (errno != EINTR) {
            return Sent::broken;
        }
    }
    return Sent::yes;
}

SyslogSocket::Sent SyslogSocket::sendDatagram(std::string& message) const {
    constexpr int kRefusals = 3;
    const bool isUnix = target_.addresses[used_].bytes.ss_family == AF_UNIX;
    int refused = 0;
    while (::send(socket_.get(), message.data(), message.size(), kSendFlags) < 0) {
        if (errno == EMSGSIZE) {
            if (!shorten(message)) {
                return Sent::yes;
            }
        } else if (errno == EAGAIN) {
            if (!wait_.ready(socket_.get(), POLLOUT)) {
                return Sent::cancelled;
            }
        } else if (errno == ENOBUFS) {
            if (!wait_.pause(OutputWait::kTick)) {
                return Sent::cancelled;
            }
        } else if (errno == ECONNREFUSED && !isUnix) {
            // It tells of an earlier datagram, and takes this one if asked again.
            if (++refused == kRefusals) {
                return Sent::yes;
            }
        } else if (errno != EINTR) {
            return Sent::broken;
        }
    }
    return Sent::yes;
}

bool SyslogSocket::peerHasGone() const noexcept {
    if (target_.addresses[used_].type != SOCK_STREAM) {
        return false;
    }
    char byte = 0;
    const auto count = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace gnatsd::host
