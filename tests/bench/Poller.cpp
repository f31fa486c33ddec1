#include "tests/bench/Poller.h"

#include "tests/bench/Error.h"

#include <algorithm>
#include <ctime>
#include <limits>
#include <sys/eventfd.h>
#include <unistd.h>

namespace gnatsd::bench {

namespace {

constexpr std::uint32_t kBell = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Poller::Poller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (epoll_ < 0 || bell_ < 0) {
        throw ServerError(systemMessage("epoll or eventfd"));
    }
    add(bell_, EPOLLIN, kBell);
}

Poller::~Poller() {
    ::close(epoll_);
    ::close(bell_);
}

void Poller::add(int fd, std::uint32_t events, std::uint32_t tag) {
    epoll_event event{};
    event.events = events;
    event.data.u32 = tag;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
        throw ServerError(systemMessage("epoll_ctl"));
    }
}

void Poller::remove(int fd) {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
}

void Poller::wake() {
    ::eventfd_write(bell_, 1);
}

std::span<const epoll_event> Poller::wait(std::chrono::nanoseconds timeout) {
    timespec spec{};
    spec.tv_sec = static_cast<std::time_t>(timeout.count() / 1'000'000'000);
    spec.tv_nsec = static_cast<long>(timeout.count() % 1'000'000'000);
    const int found = ::epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_.size()),
                                     timeout.count() < 0 ? nullptr : &spec, nullptr);
    auto* const begin = events_.data();
    auto* end = begin + std::max(found, 0);
    end = std::remove_if(begin, end, [this](const epoll_event& event) {
        if (event.data.u32 != kBell) {
            return false;
        }
        eventfd_t count = 0;
        ::eventfd_read(bell_, &count);
        return true;
    });
    return {begin, end};
}

}  // namespace gnatsd::bench
