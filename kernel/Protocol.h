// Protocol: what a connection carries: bytes in, once per read. A client session or a route.
//
// Threads: all members on the thread that owns the connection.

#pragma once

#include "kernel/PeerIdentity.h"
#include "kernel/ProtocolError.h"
#include "kernel/Shard.h"
#include "kernel/Subscription.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class Protocol {
public:
    Protocol() = default;
    virtual ~Protocol() = default;
    Protocol(const Protocol&) = delete;
    Protocol& operator=(const Protocol&) = delete;

    /// Once, before any input: say hello.
    virtual void onOpen() = 0;

    /// The connection is secured from here on, before any input; before onOpen() where the
    /// handshake comes first (CP-119).
    virtual void onSecured(std::shared_ptr<const PeerIdentity> peer) { peer.reset(); }

    /// Everything of one read. The bytes are the protocol's until it returns, and outboxes may
    /// borrow from them until the flush that follows (Shard::borrowed).
    virtual void onBytes(std::string_view bytes) = 0;

    /// Where the next read may put its first bytes, and how many it put there (Parser).
    virtual std::span<char> directSpace() noexcept { return {}; }
    virtual void onDirect(std::size_t size) noexcept { static_cast<void>(size); }

    /// Far publishers made the last delivery to these (CP-70).
    virtual void onExpired(const std::vector<Ref<Subscription>>& expired) = 0;

    /// Does what time asks for; answers when to be called again.
    virtual Clock::time_point onTimer(Clock::time_point now) = 0;

    /// The connection now belongs to another thread, on which this is called.
    virtual void onMoved(Shard& shard) = 0;

    /// What the Broker says has changed: limits, INFO. Also called without need.
    virtual void onChange() = 0;

    /// The time that it gave Link::holdReading() is over, or another reason to hold has ended it;
    /// reading goes on unless it holds again.
    virtual void onHoldEnd() {}

    /// Ends the connection for the server's sake, if this is a client's; answers whether it does.
    virtual bool retire(CloseReason reason) = 0;

    /// The connection is gone, or will be once its last output is written. Once.
    virtual void onClosed(CloseReason reason) = 0;
};

}  // namespace gnatsd::kernel
