// Chunk, ChunkPool: the memory that waiting output is made of, in three sizes.
//
// Threads: a pool is confined to one reactor; a chunk may be taken from one pool and given back to
// another. Cost: a warm pool answers without malloc. Idle connections hold no chunk.

#pragma once

#include "kernel/Block.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gnatsd::kernel {

/// A piece of output. Either its own bytes behind it, or a view of a Block or of borrowed memory.
struct Chunk {
    Chunk* next = nullptr;
    const char* view = nullptr;  // null: own bytes
    Ref<Block> block;            // keeps `view` alive; null with a view: borrowed
    std::uint32_t capacity = 0;  // own bytes
    std::uint32_t begin = 0;     // first byte not sent
    std::uint32_t end = 0;       // behind the last byte

    char* own() noexcept { return reinterpret_cast<char*>(this + 1); }
    const char* bytes() const noexcept {
        return view != nullptr ? view : reinterpret_cast<const char*>(this + 1);
    }
    std::size_t size() const noexcept { return end - begin; }
    std::size_t room() const noexcept { return view != nullptr ? 0 : capacity - end; }
    bool borrowed() const noexcept { return view != nullptr && !block; }
};

class ChunkPool {
public:
    static constexpr unsigned kClasses = 3;
    static constexpr std::array<std::uint32_t, kClasses> kSizes{1024, 8192, 65536};

    ChunkPool() = default;
    ~ChunkPool();
    ChunkPool(const ChunkPool&) = delete;
    ChunkPool& operator=(const ChunkPool&) = delete;

    /// An empty chunk of kSizes[sizeClass] bytes, header included.
    Chunk* take(unsigned sizeClass);
    /// A chunk without bytes of its own.
    Chunk* takeView(const char* bytes, std::uint32_t size, Ref<Block> block);

    void give(Chunk* chunk) noexcept;

    /// Frees what is kept beyond `bytes`. Call when idle.
    void trim(std::size_t bytes) noexcept;

private:
    static constexpr std::size_t kKeep = std::size_t{8} * 1024 * 1024;

    std::array<Chunk*, kClasses> free_{};
    std::size_t kept_ = 0;
};

}  // namespace gnatsd::kernel
