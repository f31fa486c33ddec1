#include "transports/reactor/Wakeup.h"

#include <Poco/Exception.h>

#include <cerrno>
#include <cstdint>
#include <unistd.h>

#if defined(__linux__)
#include <sys/eventfd.h>
#else
#include <fcntl.h>
#endif

namespace gnatsd::reactor {

#if defined(__linux__)

Wakeup::Wakeup() : read_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), write_(read_) {
    if (read_ < 0) {
        throw Poco::SystemException("eventfd", errno);
    }
}

Wakeup::~Wakeup() {
    ::close(read_);
}

#else

Wakeup::Wakeup() {
    int ends[2];
    if (::pipe(ends) != 0) {
        throw Poco::SystemException("pipe", errno);
    }
    read_ = ends[0];
    write_ = ends[1];
    for (const int end : ends) {
        ::fcntl(end, F_SETFL, O_NONBLOCK);
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
}

Wakeup::~Wakeup() {
    ::close(read_);
    ::close(write_);
}

#endif

void Wakeup::signal() noexcept {
    const std::uint64_t one = 1;
    // A full pipe or counter means that the reactor will wake anyway.
    [[maybe_unused]] const ssize_t written = ::write(write_, &one, sizeof one);
}

void Wakeup::onReady(const PollEvent&) {
    char bytes[256];
    while (::read(read_, bytes, sizeof bytes) == static_cast<ssize_t>(sizeof bytes)) {
    }
}

}  // namespace gnatsd::reactor
