// Reactor: one thread, its connections, its part of the kernel's state.
//
// Threads: post(), flushSoon(), adopt(), load() from any; everything else on its own thread.
// Lifetime: beginStop() and join() before destruction; connections end with it.

#pragma once

#include "kernel/Log.h"
#include "kernel/Shard.h"
#include "transports/reactor/Connection.h"
#include "transports/reactor/Mailbox.h"
#include "transports/reactor/Poller.h"
#include "transports/reactor/Timers.h"
#include "transports/reactor/Wakeup.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::reactor {

class Reactor final : public kernel::FlushTarget {
public:
    Reactor(unsigned index, PollerKind kind, kernel::Log& log);
    ~Reactor() override;

    /// The others of the pool in order, to which connections may go. Before start().
    void setPeers(std::vector<Reactor*> peers) { peers_ = std::move(peers); }
    /// Whenever there is traffic a connection goes to a peer, for no reason. Before start().
    void setWandering() noexcept { wandering_ = true; }

    void start();
    /// No connection leaves any more; returns when that holds. Before beginStop() of the first of
    /// several.
    void settle();
    /// Ends all connections and lets their output go out for at most `grace`; then the thread ends.
    void beginStop(std::chrono::milliseconds grace);
    /// Returns when it has ended.
    void join();

    // --- any thread ---
    void flushSoon(std::vector<kernel::Ref<kernel::Outbox>>& outboxes) override;
    void post(std::function<void()> task) override;
    void adopt(ConnectionSeed seed);
    /// Tells every connection that what the Broker says has changed.
    void announceChange();
    /// Ends client connections, the first one any, until `budget` is used up.
    void retire(std::shared_ptr<std::atomic<std::size_t>> budget, kernel::CloseReason reason);
    /// Share of the last tick that was spent working, in thousandths.
    std::uint32_t load() const noexcept { return load_.load(std::memory_order_relaxed); }
    /// Busy for so long that new connections belong elsewhere.
    bool full() const noexcept { return full_.load(std::memory_order_relaxed); }
    std::size_t connections() const noexcept { return count_.load(std::memory_order_relaxed); }

    // --- its own thread ---
    kernel::Shard& shard() noexcept { return shard_; }
    kernel::Log& log() noexcept { return log_; }
    Poller& poller() noexcept { return *poller_; }
    Timers& timers() noexcept { return timers_; }
    std::span<char> readBuffer() noexcept { return {buffer_.get(), ReadPolicy::kLargest}; }

    /// Enters a connection that is to finish at the end of this turn.
    void finishSoon(Connection& connection) { finishing_.push_back(&connection); }
    /// Enters a connection that is to be destroyed at the end of this turn.
    void bury(Connection& connection) { dead_.push_back(&connection); }
    /// Whether a connection may go on with its handshake in this turn: each step takes a while, and
    /// others wait meanwhile.
    bool mayShakeHands() const noexcept { return handshakes_ < kHandshakes; }
    void countHandshake() noexcept { ++handshakes_; }
    /// The same for whoever says its first word, or is on the way out. Counts.
    bool mayComeOrGo() noexcept { return comers_++ < kComers; }
    void hold(Connection& connection) { held_.push_back(&connection); }
    /// Forgets a hold, because the connection ends.
    void unhold(Connection& connection) noexcept;

    /// Writes what was queued since the last time.
    void flushAll() { shard_.flushAll(); }

    /// Output beyond which it is flushed before the end of a turn.
    static constexpr std::size_t kFlushAt = std::size_t{512} * 1024;

private:
    // What opens or ends connections waits its turn, so that messages need not wait for a crowd.
    static constexpr std::size_t kTimersAtOnce = 8;
    static constexpr int kComers = 8;
    void run() noexcept;
    void turn();
    std::chrono::nanoseconds timeout() const;
    void readMail();
    void endHolds();
    void finishConnections();
    void measure(Clock::time_point before, Clock::time_point after);
    void closeAll();
    void retireSome(std::atomic<std::size_t>& budget, kernel::CloseReason reason);
    void balance();
    void unite();
    void followPublishers();
    void wander();
    std::vector<Candidate> lookAtAll();
    void giveAway(const std::vector<std::size_t>& indices, Reactor& to);
    void take(std::unique_ptr<Connection> connection);

    /// Loads in thousandths: above kHot for kHotTicks a reactor looks for a peer below kCool; when
    /// it and an earlier one together stay below kCool for kCalmTicks, they unite.
    static constexpr std::uint32_t kHot = 850;
    static constexpr std::uint32_t kCool = 300;
    static constexpr int kHotTicks = 5;
    static constexpr int kCalmTicks = 10;
    /// So many batches from other reactors in kFollowTicks make it worth a look who sends them.
    static constexpr int kFollowTicks = 3;
    static constexpr std::uint64_t kFollowBatches = 300;
    static constexpr int kHandshakes = 1;  // in one turn
    /// With more connections, looking for the few that work would be work.
    static constexpr std::size_t kLookAtMost = 10'000;

    kernel::Log& log_;
    kernel::Shard shard_;
    std::unique_ptr<Poller> poller_;
    Wakeup wakeup_;
    Timers timers_;
    Mailbox mailbox_;
    std::unique_ptr<char[]> buffer_;
    std::vector<PollEvent> events_;
    std::vector<Mail> mails_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<Connection*> finishing_;
    std::vector<Connection*> dead_;
    std::vector<Connection*> held_;
    std::chrono::nanoseconds busy_{0};
    Clock::time_point measuredFrom_;
    std::atomic<std::uint32_t> load_{0};
    std::atomic<bool> full_{false};
    std::atomic<std::size_t> count_{0};
    Clock::time_point stopBy_ = Clock::time_point::max();
    std::vector<Reactor*> peers_;
    int handshakes_ = 0;
    int comers_ = 0;
    int hotTicks_ = 0;
    int calmTicks_ = 0;
    int followTicks_ = 0;
    std::uint64_t farBatches_ = 0;  // that came by mail since the last look
    bool lookedAt_ = false;         // in this tick
    bool wandering_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace gnatsd::reactor
