// Pieces: output that lies in pieces, taken away in records.
//
// Threads: confined to one call. Lifetime: the pieces stay where they are meanwhile.

#pragma once

#include "kernel/OutQueue.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace gnatsd::tls {

class Pieces {
public:
    explicit Pieces(std::span<const kernel::OutSpan> spans) noexcept : spans_(spans) {}

    /// The next full record, or the rest: in place where it lies in one piece, else in `room`.
    std::string_view take(std::span<char> room) noexcept {
        skipEmpty();
        if (spans_.empty()) {
            return {};
        }
        if (const std::size_t left = spans_[0].size - at_; left >= room.size() || isLast()) {
            const std::string_view record(spans_[0].data + at_, std::min(left, room.size()));
            at_ += record.size();
            return record;
        }
        std::size_t size = 0;
        while (size < room.size() && !spans_.empty()) {
            const std::size_t count = std::min(spans_[0].size - at_, room.size() - size);
            std::memcpy(room.data() + size, spans_[0].data + at_, count);
            size += count;
            at_ += count;
            skipEmpty();
        }
        return {room.data(), size};
    }

private:
    bool isLast() const noexcept { return spans_.size() == 1; }
    void skipEmpty() noexcept {
        while (!spans_.empty() && at_ == spans_[0].size) {
            spans_ = spans_.subspan(1);
            at_ = 0;
        }
    }

    std::span<const kernel::OutSpan> spans_;
    std::size_t at_ = 0;
};

}  // namespace gnatsd::tls
