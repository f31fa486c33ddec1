// Acceptor: takes new connections off a listening socket.
//
// Without free descriptors it stops asking for a while, with one log line, instead of spinning on
// a socket that stays ready.
//
// Threads: open() and close() from the main thread, the rest on its reactor.
// Lifetime: close() before destruction, while the reactor runs or after it has stopped.

#pragma once

#include "transports/reactor/ListenSocket.h"
#include "transports/reactor/Poller.h"
#include "transports/reactor/Reactor.h"
#include "transports/reactor/Timers.h"

#include <chrono>
#include <functional>
#include <string>

namespace gnatsd::reactor {

/// A connection that has just been accepted: non-blocking, close-on-exec, without Nagle's delay.
struct Accepted {
    int fd;
    std::string ip;
    std::uint16_t port;
};

class Acceptor final : public Pollable, public Timed {
public:
    /// `onAccept` takes over the descriptor; called on `reactor`'s thread.
    Acceptor(Reactor& reactor, ListenSocket socket, std::function<void(Accepted)> onAccept);
    ~Acceptor() override;

    void open();
    /// After it returns nothing is accepted any more. Blocks until the reactor has let go.
    void close();

    void onReady(const PollEvent& event) override;
    Clock::time_point onTimer(Clock::time_point now) override;

private:
    bool acceptOne();
    void pause(int error);

    static constexpr std::chrono::milliseconds kPause{250};
    static constexpr int kBatch = 8;

    Reactor& reactor_;
    ListenSocket socket_;
    const std::function<void(Accepted)> onAccept_;
    bool opened_ = false;
    bool registered_ = false;
    bool paused_ = false;
};

}  // namespace gnatsd::reactor
