// Poller: epoll with a wake-up that any thread may ring.
//
// Threads: wake() from any thread; the rest on the thread that waits.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <sys/epoll.h>

namespace gnatsd::bench {

class Poller {
public:
    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// `tag` comes back in epoll_event::data.u32.
    void add(int fd, std::uint32_t events, std::uint32_t tag);
    void remove(int fd);

    /// Makes the current or next wait() return.
    void wake();

    /// Blocks until an event, a wake-up or the timeout; a negative timeout waits for ever.
    /// Wake-ups are not among the events.
    std::span<const epoll_event> wait(std::chrono::nanoseconds timeout);

private:
    int epoll_ = -1;
    int bell_ = -1;
    std::array<epoll_event, 256> events_{};
};

}  // namespace gnatsd::bench
