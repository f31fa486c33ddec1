// SidTable: the subscriptions of one session by sid.
//
// Threads: confined to its session. Cost: one word per entry at a load of at most 3/4; nothing
// while empty.

#pragma once

#include "kernel/Subscription.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::kernel {

class SidTable {
public:
    Subscription* find(std::string_view sid) const noexcept;

    /// Requires: find(subscription->sid()) is null.
    void insert(Ref<Subscription> subscription);

    /// Answers the entry taken out, or null.
    Ref<Subscription> remove(std::string_view sid) noexcept;

    std::size_t size() const noexcept { return size_; }

    template <class Visit>
    void forEach(Visit visit) const {
        for (const Ref<Subscription>& slot : slots_) {
            if (slot) {
                visit(*slot);
            }
        }
    }

private:
    std::size_t home(std::string_view sid) const noexcept;
    std::size_t indexOf(std::string_view sid) const noexcept;
    void rehash(std::size_t slots);

    std::vector<Ref<Subscription>> slots_;  // size 0 or a power of two
    std::size_t size_ = 0;
};

}  // namespace gnatsd::kernel
