// Connection: a stream, the protocol on it, and its outbox, on one reactor.
//
// The only code that reads or writes a socket. It ends in two steps: close() stops input and lets
// the last output go out; then the reactor buries it at the end of a turn of its loop.
//
// Threads: confined to its reactor. Lifetime: owned by the reactor.

#pragma once

#include "kernel/Log.h"
#include "kernel/Outbox.h"
#include "kernel/Protocol.h"
#include "transports/reactor/Balance.h"
#include "transports/reactor/Poller.h"
#include "transports/reactor/ReadPolicy.h"
#include "transports/reactor/Securing.h"
#include "transports/reactor/Stream.h"
#include "transports/reactor/Timers.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::reactor {

class Reactor;

/// Makes the protocol of a connection, on its reactor.
using ProtocolFactory = std::function<std::unique_ptr<kernel::Protocol>(
    kernel::Shard& shard, kernel::Link& link, kernel::Ref<kernel::Outbox> outbox)>;

/// What a connection is made of, on its way to its reactor.
struct ConnectionSeed {
    std::unique_ptr<Stream> stream;
    std::string identity;  // CP-241: "IP:PORT - cid:N"
    ProtocolFactory protocol;
    std::size_t maxPending = 0;
    std::chrono::milliseconds writeDeadline{0};
    std::shared_ptr<const Security> security;  // null: the stream stays as it is
    bool mayStayPlain = false;                 // unless the peer begins a handshake (CP-118)
};

class Connection final : public Pollable, public Timed, public kernel::Link {
public:
    Connection(Reactor& reactor, ConnectionSeed seed);
    ~Connection() override;

    /// Registers with the poller and lets the protocol say hello.
    void open();

    // Pollable, Timed
    void onReady(const PollEvent& event) override;
    Clock::time_point onTimer(Clock::time_point now) override;

    // kernel::Link
    kernel::Protocol& protocol() noexcept override { return *protocol_; }
    void flush() override;
    void close(kernel::CloseReason reason) override;
    void pauseReading() override;
    void resumeReading() override;
    void holdReading(std::chrono::microseconds pause) override;
    void hastenTimer() override;
    void setWriteDeadline(std::chrono::milliseconds deadline) override {
        writeDeadline_ = deadline;
    }

    /// What the Broker says has changed.
    void onChange();

    /// The time that holdReading() named has come.
    void endHold();
    Clock::time_point heldUntil() const noexcept { return heldUntil_; }

    /// Second step of the end: the protocol is told, the last output written. Reactor only.
    void finish();

    bool closing() const noexcept { return phase_ > Phase::open; }

    /// What it did since the last call, for chooseMoves().
    Candidate look();
    /// Lets go of this reactor; arrive() is the next call, on the other one's thread. In between
    /// everybody appends to the far half of the outbox. Requires: look().movable.
    void leave();
    void arrive(Reactor& reactor);
    /// Brings in what other threads have appended.
    void flushFar() {
        if (outbox_->hasFar()) {
            flush();
        }
    }

    std::size_t index = 0;  ///< place in the reactor's list

private:
    enum class Phase : std::uint8_t {
        securing,  // its handshake comes first
        open,
        closing,    // close() was called
        flushing,   // protocol told, last output on its way
        lingering,  // all is written, waiting for the peer to read it (CP-230)
        dead,       // to be buried
    };

    static constexpr std::chrono::milliseconds kLingerTime{1000};

    void beginSecuring();
    void greetInClear();
    void secure(const PollEvent& event);
    bool lookForHandshake(const PollEvent& event);
    void secured();
    void stayPlain();
    void startOpen();
    void refusePlain(std::string_view why);
    void onSecuringTimer(Clock::time_point now);
    /// Nothing is written then but by the handshake itself.
    bool inHandshake() const noexcept {
        return phase_ == Phase::securing && securing_->stream != nullptr;
    }
    Clock::time_point nextTimer() const noexcept;
    void readOnce();
    void afterRead(std::size_t size, std::size_t queuedBefore);
    void drainInput();
    void writeOut();
    void flushLast();
    void blocked();
    void slowWriter(Clock::time_point now);
    void linger();
    void die();
    void updateInterest();
    void reschedule();
    void logLine(kernel::Level level, const std::string& text);
    void logSlow(const std::string& text);

    Reactor* reactor_;
    std::unique_ptr<Stream> stream_;
    std::unique_ptr<Securing> securing_;  // null: secured, or never to be
    kernel::Ref<kernel::Outbox> outbox_;
    std::unique_ptr<kernel::Protocol> protocol_;
    std::chrono::milliseconds writeDeadline_;
    Clock::time_point writeBy_ = Clock::time_point::max();
    Clock::time_point protocolTimer_ = Clock::time_point::max();
    Clock::time_point heldUntil_{};  // zero: not held
    std::uint64_t read_ = 0;
    std::uint64_t written_ = 0;
    std::uint64_t readAtLook_ = 0;
    std::uint64_t writtenAtLook_ = 0;
    std::uint64_t nearAtLook_ = 0;
    std::uint64_t farAtLook_ = 0;
    std::uint64_t writtenAtRead_ = 0;
    ReadPolicy policy_;
    Interest interest_;
    Phase phase_ = Phase::open;
    kernel::CloseReason reason_ = kernel::CloseReason::none;
    bool paused_ = false;
    bool blocked_ = false;
    bool registered_ = false;
};

}  // namespace gnatsd::reactor
