// Block: memory for one large payload, shared by all outboxes that still have to send it.
//
// Threads: the bytes are written by one thread before the block is shared, then immutable.
// Cost: one allocation; the bytes lie behind the object.

#pragma once

#include "kernel/RefCounted.h"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace gnatsd::kernel {

class Block final : public RefCounted<Block> {
public:
    static Ref<Block> make(std::size_t size) {
        void* memory = std::malloc(sizeof(Block) + size);
        if (memory == nullptr) {
            throw std::bad_alloc();
        }
        return Ref<Block>(new (memory) Block(size));
    }

    char* data() noexcept { return reinterpret_cast<char*>(this + 1); }
    const char* data() const noexcept { return reinterpret_cast<const char*>(this + 1); }
    std::size_t size() const noexcept { return size_; }

    static void destroy(Block* block) noexcept {
        block->~Block();
        std::free(block);
    }

private:
    explicit Block(std::size_t size) noexcept : size_(size) {}
    ~Block() = default;

    const std::size_t size_;
};

}  // namespace gnatsd::kernel
