// SessionRig: client sessions on one broker without sockets or threads: what goes in is given, what
// comes out is kept, and time and the AuthGate move when told.
//
// It does what a reactor does around a session: reads (also directly into the parser's memory),
// flushes at the end of each batch, works off mailboxes, ends connections outside of the session's
// own calls.
//
// Threads: one. Lifetime: the rig owns broker, shards and sessions.

#pragma once

#include "kernel/Broker.h"
#include "kernel/ClientSession.h"
#include "kernel/FlushTarget.h"
#include "kernel/Shard.h"

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::fuzz {

/// Refuses to be written what could break a log line (LOG-52).
class StrictLog final : public kernel::Log {
public:
    void write(kernel::Level level, std::string_view text) noexcept override;
};

/// Accepts everybody but user "bad"; answers when told.
class LateGate final : public kernel::AuthGate {
public:
    bool required() const noexcept override { return true; }
    void check(kernel::AuthRequest request, std::function<void(kernel::AuthAnswer)> done) override;
    void answer();

private:
    struct Question {
        bool accepted;
        std::function<void(kernel::AuthAnswer)> done;
    };
    std::vector<Question> questions_;
};

/// The mailbox of one shard.
class Mailbox final : public kernel::FlushTarget {
public:
    void flushSoon(std::vector<kernel::Ref<kernel::Outbox>>& outboxes) override;
    void post(std::function<void()> task) override;
    /// Works off what is there; answers whether there was anything.
    bool run();

private:
    std::deque<std::function<void()>> tasks_;
};

/// How much of its output the peer takes at each flush.
enum class Appetite { all, drip, none };

class MemoryLink final : public kernel::Link {
public:
    MemoryLink(kernel::Broker& broker, kernel::Shard& shard, Appetite appetite);
    ~MemoryLink() override;

    kernel::Protocol& protocol() noexcept override { return *session_; }
    void flush() override;
    void close(kernel::CloseReason reason) override;
    void pauseReading() override { paused_ = true; }
    void resumeReading() override { paused_ = false; }
    void holdReading(std::chrono::microseconds) override {}
    void hastenTimer() override {}
    void setWriteDeadline(std::chrono::milliseconds) override {}

    /// Hands over what came, or keeps it while reading is paused.
    void read(std::string_view bytes, bool direct);
    /// Hands over what came during a pause that is over; answers whether there was anything.
    bool readWaiting();
    void passTime(kernel::Clock::time_point now);
    /// Ends what asked to be closed; answers whether it did.
    bool finish();

    bool alive() const noexcept { return session_ != nullptr; }
    /// Everything the peer got, and why it ended.
    const std::string& output() const noexcept { return output_; }
    kernel::CloseReason reason() const noexcept { return reason_; }

private:
    void deliver(std::string_view bytes, bool direct);
    void take(std::size_t limit);

    kernel::Shard& shard_;
    const Appetite appetite_;
    kernel::Ref<kernel::Outbox> outbox_;
    std::unique_ptr<kernel::ClientSession> session_;
    std::string output_;
    std::string waiting_;
    kernel::CloseReason reason_ = kernel::CloseReason::none;
    bool paused_ = false;
};

struct RigSetup {
    kernel::Limits limits;
    bool gate = false;
    bool twoShards = false;
    bool chatty = false;  // debug and trace lines
    Appetite second = Appetite::all;
};

class SessionRig {
public:
    static constexpr std::size_t kSessions = 2;

    explicit SessionRig(const RigSetup& setup);
    ~SessionRig();
    SessionRig(const SessionRig&) = delete;
    SessionRig& operator=(const SessionRig&) = delete;

    void read(std::size_t session, std::string_view bytes, bool direct);
    void answerGate();
    void passTime(std::chrono::milliseconds time);
    /// Closes all connections; answers per session its output and reason.
    std::array<std::string, kSessions> finish();

private:
    void settle();

    StrictLog log_;
    LateGate gate_;
    std::unique_ptr<kernel::Broker> broker_;
    std::array<Mailbox, kSessions> mailboxes_;
    std::vector<std::unique_ptr<kernel::Shard>> shards_;
    std::vector<std::unique_ptr<MemoryLink>> links_;
};

}  // namespace gnatsd::fuzz
