// SlotTable: an open-addressing hash table of 16-byte slots; the base of the Sublist's indexes.
//
// The key is a pair of numbers, a hash and a scope; whether a value is really the one that is
// looked for, the caller's predicate says. Split into 256 shards that grow and shrink one by one:
// no insert among a million has to move more than some thousand slots, and emptied shards give
// their memory back. Linear probing; erasing closes the gap, so there are no tombstones.
//
// Threads: guarded by the Sublist's mutex.
// Cost: 21 to 43 bytes per entry when large; find touches one cache line, seldom two.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace gnatsd::kernel {

/// Value: movable, empty() when default constructed; an empty one marks a free slot.
template <class Value>
class SlotTable {
public:
    struct Key {
        std::uint32_t hash;
        std::uint32_t scope;
    };

    /// The value with this key for which `isIt(value)` holds, or null. Valid until the next
    /// insert or erase.
    template <class Predicate>
    Value* find(Key key, Predicate&& isIt) const {
        const Shard& shard = shards_[shardOf(key)];
        if (shard.count == 0) {
            return nullptr;
        }
        for (std::uint32_t i = key.hash & shard.mask;; i = (i + 1) & shard.mask) {
            Slot& slot = shard.slots[i];
            if (slot.value.empty()) {
                return nullptr;
            }
            if (slot.key.hash == key.hash && slot.key.scope == key.scope && isIt(slot.value)) {
                return &slot.value;
            }
        }
    }

    /// Requires: !value.empty(); no such entry in the table.
    void insert(Key key, Value value) {
        Shard& shard = shards_[shardOf(key)];
        if (shard.slots == nullptr) {
            resize(shard, kSmallest);
        } else if ((shard.count + 1) > capacity(shard) / 4 * 3) {
            resize(shard, capacity(shard) * 2);
        }
        place(shard, key, std::move(value));
        ++shard.count;
    }

    /// Requires: `value` came from find(), nothing was inserted or erased since.
    void erase(Key key, const Value* value) {
        Shard& shard = shards_[shardOf(key)];
        std::uint32_t i = key.hash & shard.mask;
        while (&shard.slots[i].value != value) {
            i = (i + 1) & shard.mask;
        }
        shard.slots[i].value = Value();
        closeGap(shard, i);
        --shard.count;
        if (shard.count == 0) {
            shard = Shard();
        } else if (capacity(shard) > kSmallest && shard.count < capacity(shard) / 8) {
            resize(shard, capacity(shard) / 2);
        }
    }

    /// Slots that are allocated, free ones included.
    std::size_t capacity() const noexcept {
        std::size_t slots = 0;
        for (const Shard& shard : shards_) {
            slots += shard.slots == nullptr ? 0 : capacity(shard);
        }
        return slots;
    }

private:
    static constexpr std::size_t kShards = 256;
    static constexpr std::uint32_t kSmallest = 4;

    struct Slot {
        Key key{};
        Value value{};
    };

    struct Shard {
        std::unique_ptr<Slot[]> slots;
        std::uint32_t mask = 0;
        std::uint32_t count = 0;
    };

    // The high bits choose the shard, the low ones the slot.
    static std::size_t shardOf(Key key) noexcept { return key.hash >> 24U; }
    static std::uint32_t capacity(const Shard& shard) noexcept { return shard.mask + 1; }

    static void place(Shard& shard, Key key, Value&& value) {
        std::uint32_t i = key.hash & shard.mask;
        while (!shard.slots[i].value.empty()) {
            i = (i + 1) & shard.mask;
        }
        shard.slots[i].key = key;
        shard.slots[i].value = std::move(value);
    }

    static void resize(Shard& shard, std::uint32_t slots) {
        Shard next{std::make_unique<Slot[]>(slots), slots - 1, shard.count};
        for (std::uint32_t i = 0; shard.slots != nullptr && i < capacity(shard); ++i) {
            if (!shard.slots[i].value.empty()) {
                place(next, shard.slots[i].key, std::move(shard.slots[i].value));
            }
        }
        shard = std::move(next);
    }

    // Moves back every entry whose way from its home leads over the gap.
    static void closeGap(Shard& shard, std::uint32_t gap) {
        for (std::uint32_t i = (gap + 1) & shard.mask; !shard.slots[i].value.empty();
             i = (i + 1) & shard.mask) {
            const std::uint32_t fromHome = (i - shard.slots[i].key.hash) & shard.mask;
            const std::uint32_t fromGap = (i - gap) & shard.mask;
            if (fromHome >= fromGap) {
                shard.slots[gap].key = shard.slots[i].key;
                shard.slots[gap].value = std::exchange(shard.slots[i].value, Value());
                gap = i;
            }
        }
    }

    std::array<Shard, kShards> shards_;
};

}  // namespace gnatsd::kernel
