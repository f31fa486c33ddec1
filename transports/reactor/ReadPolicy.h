// ReadPolicy: how much one connection reads at once, and when it waits for more to read.
//
// Size: large reads make large batches, but what a batch produces must stay in the cache, so a read
// that fans out to many is kept small (performance idea 1).
// Gate: a publisher that sends each message by itself would cost a wake-up per message. While a
// connection delivers small reads at short intervals and nothing is written back to it, its next
// read is put off a little, so that many of its messages come together (idea 2). Whoever waits for
// an answer gets one, and that closes the gate: request/reply is never delayed.
//
// Threads: confined to its connection. Pure: time and sizes come in, decisions go out.

#pragma once

#include "transports/reactor/Coalescing.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gnatsd::reactor {

class ReadPolicy {
public:
    using Nanos = std::chrono::nanoseconds;

    static constexpr std::uint32_t kSmallest = 32 * 1024;
    static constexpr std::uint32_t kFirst = 64 * 1024;
    static constexpr std::uint32_t kLargest = 1024 * 1024;

    std::size_t size() const noexcept { return size_; }

    /// Tells of a read of `read` bytes that made `produced` bytes of output at time `now`;
    /// `answered`: something was written to this connection since its last read.
    /// Answers for how long the next read should wait; zero: until there is something.
    Nanos afterRead(std::size_t read, std::size_t produced, bool answered, Nanos now) noexcept;

    /// A read that was put off found nothing: the stream pauses or has ended.
    void foundNothing() noexcept { hiccup(); }

private:
    void adapt(std::size_t read, std::size_t produced) noexcept;
    void hiccup() noexcept;
    bool isOpen() const noexcept { return streak_ >= kOpen; }

    static constexpr std::size_t kSmallRead = 8 * 1024;
    static constexpr std::size_t kLargeRead = 64 * 1024;  // in 0.1 ms only larger writes make that
    static constexpr std::size_t kOutputGoal = 4 * 1024 * 1024;
    /// The gate opens at kOpen points and stays open for a while once it has kSure. A small read at
    /// a short interval gains one; a large or late one loses kHiccup: on a busy machine a stream of
    /// small writes has some of those, too.
    static constexpr std::uint8_t kOpen = 16;
    static constexpr std::uint8_t kSure = 32;
    static constexpr std::uint8_t kHiccup = 4;
    static constexpr Nanos kShort{80'000};
    static constexpr Nanos kPause{2'000'000};

    Coalescing coalescing_;
    Nanos lastRead_{0};
    std::uint32_t size_ = kFirst;
    std::uint8_t streak_ = 0;
};

}  // namespace gnatsd::reactor
