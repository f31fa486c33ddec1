// Poller: which descriptors are ready. The only place where the operating system's way shows.
//
// Threads: confined to one reactor. Lifetime: a descriptor is removed before it is closed.

#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

namespace gnatsd::reactor {

class Pollable;

struct PollEvent {
    Pollable* who;
    bool readable;
    bool writable;
    bool broken;  // hang-up or error; told whatever was asked for
};

struct Interest {
    bool read = false;
    bool write = false;
    bool operator==(const Interest&) const = default;
};

/// What a descriptor's events are for.
class Pollable {
public:
    Pollable() = default;
    virtual ~Pollable() = default;
    Pollable(const Pollable&) = delete;
    Pollable& operator=(const Pollable&) = delete;

    virtual void onReady(const PollEvent& event) = 0;
};

class Poller {
public:
    static constexpr std::size_t kBatch = 256;

    Poller() = default;
    virtual ~Poller() = default;
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// Level triggered. Throws Poco::SystemException when the system refuses.
    virtual void add(int fd, Pollable& who, Interest interest) = 0;
    virtual void change(int fd, Pollable& who, Interest interest) = 0;
    virtual void remove(int fd) noexcept = 0;

    /// Waits at most `timeout`, negative for ever. Answers how many of at most kBatch events it
    /// stored; 0 also when a signal came.
    virtual std::size_t wait(PollEvent* events, std::chrono::nanoseconds timeout) = 0;
};

enum class PollerKind { best, poll };

/// epoll where there is one; `poll` asks for the portable twin.
std::unique_ptr<Poller> makePoller(PollerKind kind);

}  // namespace gnatsd::reactor
