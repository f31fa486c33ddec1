#include "kernel/OutQueue.h"

#include "kernel/Check.h"

#include <algorithm>
#include <utility>

namespace gnatsd::kernel {

OutQueue::~OutQueue() {
    GNATSD_CHECK(head_ == nullptr);
}

std::size_t OutQueue::chunks() const noexcept {
    std::size_t count = 0;
    for (const Chunk* chunk = head_; chunk != nullptr; chunk = chunk->next) {
        ++count;
    }
    return count;
}

void OutQueue::link(Chunk* chunk) noexcept {
    if (tail_ == nullptr) {
        head_ = chunk;
    } else {
        tail_->next = chunk;
    }
    tail_ = chunk;
}

void OutQueue::grow(ChunkPool& pool) {
    const unsigned last = ChunkPool::kClasses - 1;
    lastClass_ =
        static_cast<std::uint8_t>(head_ == nullptr ? firstClass_ : std::min(lastClass_ + 1U, last));
    link(pool.take(lastClass_));
}

void OutQueue::append(std::string_view bytes, ChunkPool& pool) {
    bytes_ += bytes.size();
    while (!bytes.empty()) {
        if (tail_ == nullptr || tail_->room() == 0) {
            grow(pool);
        }
        const std::size_t part = std::min(bytes.size(), tail_->room());
        copyBytes(tail_->own() + tail_->end, bytes.data(), part);
        tail_->end += static_cast<std::uint32_t>(part);
        bytes.remove_prefix(part);
    }
}

void OutQueue::share(std::string_view bytes, Ref<Block> block, ChunkPool& pool) {
    borrowed_ |= !block;
    link(pool.takeView(bytes.data(), static_cast<std::uint32_t>(bytes.size()), std::move(block)));
    bytes_ += bytes.size();
}

void OutQueue::settle(ChunkPool& pool) {
    if (!borrowed_) {
        return;
    }
    borrowed_ = false;
    Chunk* chunk = std::exchange(head_, nullptr);
    tail_ = nullptr;
    bytes_ = 0;
    while (chunk != nullptr) {
        Chunk* next = std::exchange(chunk->next, nullptr);
        if (chunk->borrowed()) {
            append({chunk->bytes() + chunk->begin, chunk->size()}, pool);
            pool.give(chunk);
        } else {
            bytes_ += chunk->size();
            link(chunk);
        }
        chunk = next;
    }
}

void OutQueue::take(OutQueue& other) noexcept {
    if (other.head_ == nullptr) {
        return;
    }
    if (tail_ == nullptr) {
        head_ = other.head_;
    } else {
        tail_->next = other.head_;
    }
    tail_ = other.tail_;
    bytes_ += other.bytes_;
    borrowed_ |= other.borrowed_;
    lastClass_ = std::max(lastClass_, other.lastClass_);
    other.head_ = nullptr;
    other.tail_ = nullptr;
    other.bytes_ = 0;
    other.borrowed_ = false;
}

std::size_t OutQueue::spans(OutSpan* out, std::size_t limit) const noexcept {
    std::size_t count = 0;
    for (const Chunk* chunk = head_; chunk != nullptr && count < limit; chunk = chunk->next) {
        if (chunk->size() > 0) {
            out[count++] = {chunk->bytes() + chunk->begin, chunk->size()};
        }
    }
    return count;
}

void OutQueue::consume(std::size_t size, ChunkPool& pool) noexcept {
    bytes_ -= size;
    while (head_ != nullptr && size >= head_->size()) {
        Chunk* sent = head_;
        size -= sent->size();
        head_ = sent->next;
        pool.give(sent);
    }
    if (head_ == nullptr) {
        tail_ = nullptr;
        borrowed_ = false;
        return;
    }
    head_->begin += static_cast<std::uint32_t>(size);
}

void OutQueue::clear(ChunkPool& pool) noexcept {
    consume(bytes_, pool);
}

}  // namespace gnatsd::kernel
