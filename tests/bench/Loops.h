// PublisherLoop and ReceiverLoop: one thread each, with a poller and the connections it serves.
//
// Threads: add() before run(); run() on the loop's own thread; wake() and stop() from any.
// A fault ends the loop and goes to RunState.

#pragma once

#include "tests/bench/Poller.h"
#include "tests/bench/Publisher.h"
#include "tests/bench/Receiver.h"

#include <atomic>
#include <memory>
#include <vector>

namespace gnatsd::bench {

class PublisherLoop {
public:
    explicit PublisherLoop(RunState& state) : state_(state) {}

    void add(Publisher& publisher);
    Poller& poller() { return poller_; }
    void wake() { poller_.wake(); }
    void stop();
    void run() noexcept;

private:
    void runUntilStopped();
    /// Pumps each publisher once; answers how long nothing can be done, 0 for "go on".
    std::chrono::nanoseconds pumpAll();
    void serve(std::chrono::nanoseconds timeout);

    RunState& state_;
    Poller poller_;
    std::vector<Publisher*> publishers_;
    std::atomic<bool> stopped_{false};
};

class ReceiverLoop {
public:
    ReceiverLoop(RunState& state, std::size_t readSize);

    void add(Receiver& receiver);
    void stop();
    void run() noexcept;

private:
    RunState& state_;
    Poller poller_;
    std::vector<Receiver*> receivers_;
    std::vector<char> buffer_;
    std::atomic<bool> stopped_{false};
};

}  // namespace gnatsd::bench
