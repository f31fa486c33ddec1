#include "tests/bench/Publisher.h"

#include "tests/bench/Error.h"
#include "tests/bench/Frame.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace gnatsd::bench {

namespace {

// Between two looks at other sockets: one large send, or some small ones.
constexpr std::size_t kBytesPerPump = 64 * 1024;
constexpr std::size_t kMaxSendsPerPump = 64;

}  // namespace

Publisher::Publisher(Client client, FrameRing ring, Group& group, RunState& state, double rate,
                     std::string label)
    : client_(std::move(client)),
      ring_(std::move(ring)),
      group_(group),
      state_(state),
      rate_(rate),
      label_(std::move(label)),
      sendsPerPump_(std::clamp<std::size_t>(
          kBytesPerPump / (ring_.framesPerWrite() * ring_.frameLength()), 1, kMaxSendsPerPump)) {}

void Publisher::start(std::uint64_t limit) {
    paceStart_.store(Clock::now());
    paceBase_.store(sent_.load());
    // In this order: a loop that runs in between must not take the old limit for reached.
    limit_.store(limit);
    finished_.store(false);
}

std::uint64_t Publisher::dueNow() const {
    const std::chrono::duration<double> run = Clock::now() - paceStart_.load();
    const auto due = paceBase_.load() + static_cast<std::uint64_t>(run.count() * rate_) + 1;
    return due > next_ ? due - next_ : 0;
}

Clock::time_point Publisher::nextDue() const {
    const std::chrono::duration<double> after(static_cast<double>(next_ - paceBase_.load()) /
                                              rate_);
    return paceStart_.load() + std::chrono::ceil<Clock::duration>(after);
}

Publisher::State Publisher::prepare() {
    if (pongDue_) {
        pongDue_ = false;
        pending_ = "PONG\r\n";
        return State::ready;
    }
    const std::uint64_t limit = limit_.load();
    if (finished_.load()) {
        return State::finished;
    }
    if (next_ >= limit) {
        if (pingSent_) {
            return State::finished;
        }
        group_.giveBack(std::exchange(credit_, 0));
        pingSent_ = true;
        pending_ = "PING\r\n";
        return State::ready;
    }
    std::uint64_t count = limit - next_;
    if (paced()) {
        count = std::min(count, dueNow());
        if (count == 0) {
            return State::waitsForTime;
        }
    }
    if (credit_ == 0) {
        const std::uint64_t wanted = std::max<std::uint64_t>(ring_.framesPerWrite(), sendsPerPump_);
        credit_ = group_.claim(std::min(wanted, limit - next_));
        if (credit_ == 0) {
            return State::waitsForRoom;
        }
    }
    count = std::min(count, credit_);
    pending_ = ring_.fill(next_, count);
    next_ += count;
    credit_ -= count;
    sent_.store(next_, std::memory_order_relaxed);
    return State::ready;
}

std::size_t Publisher::sendPending() {
    try {
        return client_.sendSome(pending_);
    } catch (const ServerError&) {
        // Often the server has said why it left.
        onReadable();
        throw;
    }
}

Publisher::State Publisher::pump() {
    if (blocked_) {
        return State::blocked;
    }
    for (std::uint64_t sends = 0; sends < sendsPerPump_; ++sends) {
        if (pending_.empty()) {
            const State state = prepare();
            if (state != State::ready) {
                return state;
            }
        }
        const std::size_t taken = sendPending();
        pending_.remove_prefix(taken);
        if (taken == 0) {
            blocked_ = true;
            return State::blocked;
        }
    }
    return State::ready;
}

void Publisher::onReadable() {
    std::array<char, kSmallBuffer> buffer;
    std::string_view got;
    Read read = Read::empty;
    while ((read = client_.receive(buffer, got)) == Read::bytes) {
        while (!got.empty()) {
            const Frame frame = readFrame(got);
            if (frame.op == Op::incomplete || frame.length > got.size()) {
                break;
            }
            got.remove_prefix(frame.length);
            if (frame.op == Op::ping) {
                pongDue_ = true;
            } else if (frame.op == Op::pong) {
                onPong();
            } else if (frame.op != Op::info && frame.op != Op::ok) {
                throw ServerError(label_ + ": the server says " + std::string(frame.line));
            }
        }
        client_.carry(got);
    }
    if (read == Read::closed) {
        throw ServerError(label_ + ": the server closed the connection after " +
                          std::to_string(next_) + " messages");
    }
}

void Publisher::onPong() {
    pingSent_ = false;
    finished_.store(true);
    state_.ring();
}

}  // namespace gnatsd::bench
