#include "kernel/SidTable.h"

#include "kernel/Subject.h"

namespace gnatsd::kernel {

std::size_t SidTable::home(std::string_view sid) const noexcept {
    // Seeded by the table's address: a client cannot choose sids that collide.
    return hashBytes(sid, reinterpret_cast<std::uintptr_t>(this)) & (slots_.size() - 1);
}

std::size_t SidTable::indexOf(std::string_view sid) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = home(sid); slots_[i]; i = (i + 1) & mask) {
        if (slots_[i]->sid() == sid) {
            return i;
        }
    }
    return slots_.size();
}

Subscription* SidTable::find(std::string_view sid) const noexcept {
    if (size_ == 0) {
        return nullptr;
    }
    const std::size_t i = indexOf(sid);
    return i == slots_.size() ? nullptr : slots_[i].get();
}

void SidTable::insert(Ref<Subscription> subscription) {
    if ((size_ + 1) * 4 > slots_.size() * 3) {
        rehash(slots_.empty() ? 2 : slots_.size() * 2);
    }
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = home(subscription->sid());
    while (slots_[i]) {
        i = (i + 1) & mask;
    }
    slots_[i] = std::move(subscription);
    ++size_;
}

Ref<Subscription> SidTable::remove(std::string_view sid) noexcept {
    if (size_ == 0) {
        return {};
    }
    std::size_t hole = indexOf(sid);
    if (hole == slots_.size()) {
        return {};
    }
    Ref<Subscription> removed = std::move(slots_[hole]);
    slots_[hole].reset();
    --size_;
    // Close the gap, so that probing never needs a mark for removed entries.
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = (hole + 1) & mask; slots_[i]; i = (i + 1) & mask) {
        const std::size_t wanted = home(slots_[i]->sid());
        if (((i - wanted) & mask) >= ((i - hole) & mask)) {
            slots_[hole] = std::move(slots_[i]);
            slots_[i].reset();
            hole = i;
        }
    }
    if (size_ == 0) {
        std::vector<Ref<Subscription>>().swap(slots_);
    } else if (slots_.size() > 64 && size_ * 8 < slots_.size()) {
        rehash(slots_.size() / 4);
    }
    return removed;
}

void SidTable::rehash(std::size_t slots) {
    std::vector<Ref<Subscription>> old(slots);
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (Ref<Subscription>& entry : old) {
        if (!entry) {
            continue;
        }
        std::size_t i = home(entry->sid());
        while (slots_[i]) {
            i = (i + 1) & mask;
        }
        slots_[i] = std::move(entry);
    }
}

}  // namespace gnatsd::kernel
