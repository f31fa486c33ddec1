// ReactorPool: the reactors of the process, and which of them gets the next connection.
//
// Connections are packed: partners on one reactor exchange messages without a lock and without
// waking another thread, so a reactor is filled until it is busy before the next one is used. A
// reactor that becomes busy later gives groups of partners away (Balance.h).
//
// Threads: any. Lifetime: owned by the program; stop() before the listeners' plug-ins are
// destroyed.

#pragma once

#include "transports/reactor/Reactor.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace gnatsd::reactor {

/// How connections are given to reactors: packed as above; or to each in turn, which puts partners
/// on different threads; or so that in addition they change reactors all the time, for tests.
enum class Placement { packed, spread, wandering };

class ReactorPool {
public:
    /// Under which the host offers it to plug-ins of this tree.
    static constexpr std::string_view kInterfaceId = "gnatsd.reactor.ReactorPool/1";

    /// `count` 0: one per core.
    ReactorPool(unsigned count, PollerKind kind, kernel::Log& log,
                Placement placement = Placement::packed);
    ~ReactorPool();
    ReactorPool(const ReactorPool&) = delete;
    ReactorPool& operator=(const ReactorPool&) = delete;

    /// Every message asks the Sublist (OPT-157). Before start().
    void disableMatchCaches() noexcept;
    void start();
    /// Ends all connections and joins all threads; the last output has `grace` to go out.
    void stop(std::chrono::milliseconds grace);

    std::size_t size() const noexcept { return reactors_.size(); }
    Reactor& at(std::size_t index) noexcept { return *reactors_[index]; }

    /// The reactor for a new connection.
    Reactor& pick() noexcept;

    std::size_t connections() const noexcept;

    /// Tells every connection that what the Broker says has changed, soon.
    void announceChange();
    /// Ends up to `count` client connections, any of them, soon.
    void retire(std::size_t count, kernel::CloseReason reason);

private:
    std::vector<std::unique_ptr<Reactor>> reactors_;
    const Placement placement_;
    std::atomic<std::size_t> next_{0};  // spread: the one whose turn it is
};

}  // namespace gnatsd::reactor
