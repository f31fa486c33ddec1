// Link: what a session may ask of the connection that carries it.
//
// Threads: all members on the thread that owns the connection.
// Lifetime: ends with closed(); a session never keeps it longer.

#pragma once

#include "kernel/ProtocolError.h"

#include <chrono>

namespace gnatsd::kernel {

class Protocol;

class Link {
public:
    Link() = default;
    virtual ~Link() = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    virtual Protocol& protocol() noexcept = 0;

    /// Writes what the outbox holds, as far as the peer takes it now.
    virtual void flush() = 0;

    /// Ends the connection: output is flushed first unless skipsFlush(reason). Input after this
    /// call is not handed to the session any more. The first reason counts.
    virtual void close(CloseReason reason) = 0;

    /// No onBytes() until resumeReading(); bytes stay in the socket.
    virtual void pauseReading() = 0;
    virtual void resumeReading() = 0;

    /// Reads nothing for a moment, because a consumer of what was read is behind (CP-175).
    virtual void holdReading(std::chrono::microseconds pause) = 0;

    /// Protocol::onTimer() has something earlier to do than it answered last: it is called soon.
    virtual void hastenTimer() = 0;

    /// How long output may wait for the peer from now on (CP-168).
    virtual void setWriteDeadline(std::chrono::milliseconds deadline) = 0;
};

}  // namespace gnatsd::kernel
