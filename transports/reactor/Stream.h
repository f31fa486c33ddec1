// Stream: how bytes move on one connection: plain, or through TLS.
//
// Threads: confined to the reactor of its connection. Never blocks, never throws.
// Cost: one virtual call per readiness event, on whole buffers.

#pragma once

#include "kernel/OutQueue.h"

#include <cstddef>
#include <span>

namespace gnatsd::reactor {

enum class Io { done, wouldBlock, closed, failed };

struct IoResult {
    Io state = Io::done;
    std::size_t size = 0;  // bytes moved; with `done` only
};

class Stream {
public:
    Stream() = default;
    virtual ~Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    virtual int fd() const noexcept = 0;

    /// Fills `first`, which may be empty, then `second`. Requires: room for 32 KiB in all.
    virtual IoResult read(std::span<char> first, std::span<char> second) noexcept = 0;
    virtual IoResult write(std::span<const kernel::OutSpan> spans) noexcept = 0;

    /// Whether it has taken bytes that it could not send yet; write() of nothing tries again.
    virtual bool hasOutput() const noexcept { return false; }

    /// No more output; the peer sees the end after what was written.
    virtual void shutdownWrite() noexcept = 0;
};

}  // namespace gnatsd::reactor
