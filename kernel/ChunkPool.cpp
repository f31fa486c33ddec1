#include "kernel/ChunkPool.h"

#include <cstdlib>
#include <new>
#include <utility>

namespace gnatsd::kernel {

namespace {

Chunk* allocate(std::size_t size) {
    void* memory = std::malloc(size);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return new (memory) Chunk();
}

void deallocate(Chunk* chunk) noexcept {
    chunk->~Chunk();
    std::free(chunk);
}

}  // namespace

ChunkPool::~ChunkPool() {
    trim(0);
}

Chunk* ChunkPool::take(unsigned sizeClass) {
    Chunk*& head = free_[sizeClass];
    if (head != nullptr) {
        Chunk* chunk = head;
        head = chunk->next;
        kept_ -= kSizes[sizeClass];
        chunk->next = nullptr;
        chunk->begin = 0;
        chunk->end = 0;
        return chunk;
    }
    Chunk* chunk = allocate(kSizes[sizeClass]);
    chunk->capacity = kSizes[sizeClass] - static_cast<std::uint32_t>(sizeof(Chunk));
    return chunk;
}

Chunk* ChunkPool::takeView(const char* bytes, std::uint32_t size, Ref<Block> block) {
    Chunk* chunk = allocate(sizeof(Chunk));
    chunk->view = bytes;
    chunk->end = size;
    chunk->block = std::move(block);
    return chunk;
}

void ChunkPool::give(Chunk* chunk) noexcept {
    if (chunk->view == nullptr && kept_ < kKeep) {
        for (unsigned i = 0; i < kClasses; ++i) {
            if (chunk->capacity + sizeof(Chunk) == kSizes[i]) {
                chunk->next = free_[i];
                free_[i] = chunk;
                kept_ += kSizes[i];
                return;
            }
        }
    }
    deallocate(chunk);
}

void ChunkPool::trim(std::size_t bytes) noexcept {
    for (unsigned i = kClasses; i-- > 0;) {
        while (free_[i] != nullptr && kept_ > bytes) {
            Chunk* chunk = free_[i];
            free_[i] = chunk->next;
            kept_ -= kSizes[i];
            deallocate(chunk);
        }
    }
}

}  // namespace gnatsd::kernel
