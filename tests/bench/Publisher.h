// Publisher: sends numbered messages on one connection, as fast as its group's window, its rate
// and the socket allow, and asks for a PONG behind the last one.
//
// Threads: start(), stop(), sent() and finished() from the thread that steers the run; the rest on
// the loop's thread.

#pragma once

#include "tests/bench/Client.h"
#include "tests/bench/FrameRing.h"
#include "tests/bench/Group.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace gnatsd::bench {

class Publisher {
public:
    enum class State { ready, blocked, waitsForRoom, waitsForTime, finished };

    /// `rate`: messages a second, 0 for no limit.
    Publisher(Client client, FrameRing ring, Group& group, RunState& state, double rate,
              std::string label);

    /// Lets messages go up to number `limit`. The loop must be woken afterwards.
    void start(std::uint64_t limit);
    /// Ends after what has been handed to the socket. The loop must be woken afterwards.
    void stop() { limit_.store(0); }
    /// The server has handled everything that was sent.
    bool finished() const { return finished_.load(); }
    std::uint64_t sent() const { return sent_.load(); }

    int fd() const { return client_.fd(); }
    Group& group() { return group_; }
    bool paced() const { return rate_ > 0; }

    /// Sends a little and says what stands in the way of more. Throws ServerError.
    State pump();
    /// When the next message is due. Requires: pump() has answered waitsForTime.
    Clock::time_point nextDue() const;

    void onWritable() { blocked_ = false; }
    /// Reads all there is. Throws ServerError when the server refuses something or leaves.
    void onReadable();

private:
    State prepare();
    std::size_t sendPending();
    std::uint64_t dueNow() const;
    void onPong();

    Client client_;
    FrameRing ring_;
    Group& group_;
    RunState& state_;
    const double rate_;
    const std::string label_;
    const std::uint64_t sendsPerPump_;

    std::atomic<std::uint64_t> limit_{0};
    std::atomic<std::uint64_t> sent_{0};
    std::atomic<bool> finished_{true};
    std::atomic<Clock::time_point> paceStart_{};
    std::atomic<std::uint64_t> paceBase_{0};

    std::uint64_t next_ = 0;
    std::uint64_t credit_ = 0;
    std::string_view pending_;
    bool blocked_ = false;
    bool pongDue_ = false;
    bool pingSent_ = false;
};

}  // namespace gnatsd::bench
