// Shard: the kernel's state that belongs to one reactor thread.
//
// Threads: confined to its reactor, except index(), target() and counters.
// Lifetime: owned by the reactor; outlives the outboxes that name it as owner.

#pragma once

#include "kernel/ChunkPool.h"
#include "kernel/Counters.h"
#include "kernel/FlushTarget.h"
#include "kernel/MatchCache.h"
#include "kernel/Outbox.h"
#include "kernel/RefCounted.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::kernel {

using Clock = std::chrono::steady_clock;

class Shard {
public:
    Shard(unsigned index, FlushTarget& target);
    ~Shard();
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    unsigned index() const noexcept { return index_; }
    FlushTarget& target() noexcept { return target_; }

    /// Enters an own outbox into the list of those to flush at the end of the batch.
    void markDirty(Outbox& outbox) {
        if (!outbox.dirty) {
            outbox.dirty = true;
            dirty_.emplace_back(&outbox);
        }
    }
    /// The same for an outbox of another shard, which answered queuedFirst.
    void markFar(Outbox& outbox);

    /// Flushes own outboxes through their links, hands the others to their owners.
    void flushAll();

    /// Output queued since the last flushAll(); beyond some hundred KiB a flush keeps it in cache.
    std::size_t queued = 0;
    /// An own outbox borrows from the read buffer: flushAll() before the next read.
    bool borrowed = false;
    /// A consumer of this batch is more than half full (CP-175).
    bool behind = false;

    /// Coarse time: of the current turn of the loop.
    Clock::time_point now = Clock::now();

    std::uint64_t random() noexcept {
        random_ ^= random_ << 13U;
        random_ ^= random_ >> 7U;
        random_ ^= random_ << 17U;
        return random_;
    }

    ChunkPool pool;
    MatchCache cache;
    Counters counters;
    std::string scratch;  // for the parts of a message that must be built

private:
    const unsigned index_;
    FlushTarget& target_;
    std::uint64_t random_;
    std::vector<Ref<Outbox>> dirty_;
    std::vector<Ref<Outbox>> flushing_;
    struct FarList {
        FlushTarget* target;
        std::vector<Ref<Outbox>> outboxes;
    };
    std::vector<FarList> far_;
};

}  // namespace gnatsd::kernel
