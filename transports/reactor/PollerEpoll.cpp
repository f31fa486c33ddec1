// The Poller for Linux, and the choice between it and the portable one.

#include "transports/reactor/Poller.h"
#include "transports/reactor/PollerPoll.h"

#if defined(__linux__)

#include <Poco/Exception.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <sys/epoll.h>
#include <unistd.h>

namespace gnatsd::reactor {

namespace {

std::uint32_t maskOf(Interest interest) noexcept {
    return (interest.read ? static_cast<std::uint32_t>(EPOLLIN) : 0U) |
           (interest.write ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
}

class PollerEpoll final : public Poller {
public:
    PollerEpoll() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        if (epoll_ < 0) {
            throw Poco::SystemException("epoll_create1", errno);
        }
    }
    ~PollerEpoll() override { ::close(epoll_); }

    void add(int fd, Pollable& who, Interest interest) override {
        control(EPOLL_CTL_ADD, fd, who, interest);
    }
    void change(int fd, Pollable& who, Interest interest) override {
        control(EPOLL_CTL_MOD, fd, who, interest);
    }
    void remove(int fd) noexcept override { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

    std::size_t wait(PollEvent* events, std::chrono::nanoseconds timeout) override {
        const int count = waitFor(timeout);
        for (int i = 0; i < count; ++i) {
            const epoll_event& ready = ready_[static_cast<std::size_t>(i)];
            events[i] = {static_cast<Pollable*>(ready.data.ptr), (ready.events & EPOLLIN) != 0,
                         (ready.events & EPOLLOUT) != 0,
                         (ready.events & (EPOLLERR | EPOLLHUP)) != 0};
        }
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }

private:
    void control(int operation, int fd, Pollable& who, Interest interest) {
        epoll_event event{};
        event.events = maskOf(interest);
        event.data.ptr = &who;
        if (::epoll_ctl(epoll_, operation, fd, &event) != 0) {
            throw Poco::SystemException("epoll_ctl", errno);
        }
    }

    int waitFor(std::chrono::nanoseconds timeout) {
        constexpr auto kSize = static_cast<int>(kBatch);
        if (timeout.count() <= 0) {
            return ::epoll_wait(epoll_, ready_.data(), kSize, timeout.count() < 0 ? -1 : 0);
        }
        if (fine_) {
            timespec time{};
            time.tv_sec = timeout.count() / 1'000'000'000;
            time.tv_nsec = timeout.count() % 1'000'000'000;
            const int count = ::epoll_pwait2(epoll_, ready_.data(), kSize, &time, nullptr);
            if (count >= 0 || errno != ENOSYS) {
                return count;
            }
            fine_ = false;  // a kernel before 5.11: whole milliseconds
        }
        const auto rounded = (timeout.count() + 999'999) / 1'000'000;
        return ::epoll_wait(epoll_, ready_.data(), kSize, static_cast<int>(rounded));
    }

    const int epoll_;
    bool fine_ = true;
    std::array<epoll_event, kBatch> ready_{};
};

}  // namespace

std::unique_ptr<Poller> makePoller(PollerKind kind) {
    if (kind == PollerKind::poll) {
        return makePollerPoll();
    }
    return std::make_unique<PollerEpoll>();
}

}  // namespace gnatsd::reactor

#else

namespace gnatsd::reactor {

std::unique_ptr<Poller> makePoller(PollerKind) {
    return makePollerPoll();
}

}  // namespace gnatsd::reactor

#endif
