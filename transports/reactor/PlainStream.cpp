#include "transports/reactor/PlainStream.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace gnatsd::reactor {

namespace {

IoResult resultOf(ssize_t size) noexcept {
    if (size > 0) {
        return {Io::done, static_cast<std::size_t>(size)};
    }
    if (size == 0) {
        return {Io::closed, 0};
    }
    const bool again = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {again ? Io::wouldBlock : Io::failed, 0};
}

}  // namespace

PlainStream::~PlainStream() {
    ::close(fd_);
}

IoResult PlainStream::read(std::span<char> first, std::span<char> second) noexcept {
    if (first.empty()) {
        return resultOf(::recv(fd_, second.data(), second.size(), 0));
    }
    iovec parts[2] = {{first.data(), first.size()}, {second.data(), second.size()}};
    return resultOf(::readv(fd_, parts, 2));
}

IoResult PlainStream::write(std::span<const kernel::OutSpan> spans) noexcept {
    if (spans.size() == 1) {
        return resultOf(::send(fd_, spans[0].data, spans[0].size, MSG_NOSIGNAL));
    }
    iovec parts[kMaxSpans];
    const std::size_t count = std::min(spans.size(), kMaxSpans);
    for (std::size_t i = 0; i < count; ++i) {
        parts[i] = {const_cast<char*>(spans[i].data), spans[i].size};
    }
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = count;
    return resultOf(::sendmsg(fd_, &message, MSG_NOSIGNAL));
}

void PlainStream::shutdownWrite() noexcept {
    ::shutdown(fd_, SHUT_WR);
}

}  // namespace gnatsd::reactor
