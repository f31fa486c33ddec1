// OutQueue: output in order, as a list of chunks.
//
// Threads: confined, or guarded by the Outbox that holds it.
// Invariant: bytes() is the sum of the chunks' sizes; no chunk but the last has room that is used
// later. Small first chunks for the idle many, large ones for connections that filled them before.

#pragma once

#include "kernel/Bytes.h"
#include "kernel/ChunkPool.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gnatsd::kernel {

/// Bytes to be sent next.
struct OutSpan {
    const char* data;
    std::size_t size;
};

class OutQueue {
public:
    OutQueue() = default;
    OutQueue(const OutQueue&) = delete;
    OutQueue& operator=(const OutQueue&) = delete;
    /// Requires: empty, or clear() was called (a queue does not know a pool).
    ~OutQueue();

    std::size_t bytes() const noexcept { return bytes_; }
    bool empty() const noexcept { return bytes_ == 0; }
    /// How many pieces hold them. Cost: visits each.
    std::size_t chunks() const noexcept;

    /// Room for `size` bytes in one piece, or null when the last chunk has less: use append().
    char* room(std::size_t size) noexcept {
        return tail_ != nullptr && tail_->room() >= size ? tail_->own() + tail_->end : nullptr;
    }
    /// Makes `size` bytes, written to what room() answered, part of the queue.
    void commit(std::size_t size) noexcept {
        tail_->end += static_cast<std::uint32_t>(size);
        bytes_ += size;
    }

    /// Copies, over several chunks where it does not fit.
    void append(std::string_view bytes, ChunkPool& pool);
    /// Queues a view; `block` keeps it alive, without one it is borrowed: see settle().
    void share(std::string_view bytes, Ref<Block> block, ChunkPool& pool);
    /// Replaces borrowed views by copies. Call before the borrowed memory is used again.
    void settle(ChunkPool& pool);

    /// Moves everything of `other` behind what is here.
    void take(OutQueue& other) noexcept;

    /// The first pieces, at most `limit`; answers how many.
    std::size_t spans(OutSpan* out, std::size_t limit) const noexcept;
    /// Forgets the first `size` bytes, which were sent. Requires: size <= bytes().
    void consume(std::size_t size, ChunkPool& pool) noexcept;
    void clear(ChunkPool& pool) noexcept;

    /// Lets the next first chunk fit what is queued now. Call before a flush.
    void learnSize() noexcept { firstClass_ = bytes_ > 6000 ? 2 : bytes_ > 900 ? 1 : 0; }

private:
    void grow(ChunkPool& pool);
    void link(Chunk* chunk) noexcept;

    Chunk* head_ = nullptr;
    Chunk* tail_ = nullptr;
    std::size_t bytes_ = 0;
    std::uint8_t firstClass_ = 0;
    std::uint8_t lastClass_ = 0;
    bool borrowed_ = false;
};

}  // namespace gnatsd::kernel
