#include "kernel/MatchCache.h"

#include "kernel/Random.h"

#include <utility>

namespace gnatsd::kernel {

MatchCache::MatchCache() : slots_(kFirstSlots), seed_(randomSeed()) {}

MatchCache::~MatchCache() = default;

const MatchResult& MatchCache::find(Account& account, std::string_view subject) {
    if (!enabled_) {
        ++misses_;
        return pass(account, subject);
    }
    const std::uint64_t hash =
        hashBytes(subject, seed_ ^ reinterpret_cast<std::uintptr_t>(&account));
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < kProbe; ++i) {
        const Slot& slot = slots_[(hash + i) & mask];
        if (!slot.entry) {
            break;
        }
        Entry& entry = *slot.entry;
        if (slot.hash != hash || entry.account != &account || !same(entry, subject)) {
            continue;
        }
        if (account.sublist().fresh(subject, entry.stamp)) {
            ++hits_;
            last_ = &entry;
            return *entry.result;
        }
        ++misses_;
        return fill(entry, account, subject);
    }
    ++misses_;
    if (slots_.size() == kMaxSlots && size_ * 2 >= kMaxSlots && firstSight(hash)) {
        return pass(account, subject);
    }
    Entry& entry = place(account, subject, hash);
    bytes_ -= entry.bytes();
    entry.result.reset();
    entry.account = &account;
    entry.subject = subject;
    entry.verdicts = {};
    bytes_ += entry.bytes();
    return fill(entry, account, subject);
}

const MatchResult& MatchCache::pass(Account& account, std::string_view subject) {
    last_ = nullptr;
    Sublist::Stamp stamp;
    passing_ = account.sublist().match(subject, stamp);
    return *passing_;
}

const MatchResult& MatchCache::fill(Entry& entry, Account& account, std::string_view subject) {
    bytes_ -= entry.bytes();
    entry.result = account.sublist().match(subject, entry.stamp);
    bytes_ += entry.bytes();
    last_ = &entry;
    if (bytes_ <= kMostBytes) [[likely]] {
        return *entry.result;
    }
    // Few subjects with very many receivers, or very long ones: start anew.
    passing_ = entry.result;
    last_ = nullptr;
    std::vector<Slot>(kFirstSlots).swap(slots_);
    size_ = 0;
    bytes_ = 0;
    return *passing_;
}

std::size_t MatchCache::Entry::bytes() const noexcept {
    std::size_t receivers = 0;
    if (result) {
        receivers = result->plain.size();
        for (const MatchResult::Subscriptions& members : result->queues) {
            receivers += members.size();
        }
    }
    return subject.size() + receivers * sizeof(Ref<Subscription>);
}

bool MatchCache::firstSight(std::uint64_t hash) {
    if (seen_.empty() || seenCount_ > kSeenBits / 4) {
        seen_.assign(kSeenBits / 64, 0);
        seenCount_ = 0;
    }
    const std::uint64_t bit = (hash >> 32U) % kSeenBits;
    std::uint64_t& word = seen_[bit / 64];
    const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
    if ((word & mask) != 0) {
        return false;
    }
    word |= mask;
    ++seenCount_;
    return true;
}

MatchCache::Entry& MatchCache::place(Account& account, std::string_view subject,
                                     std::uint64_t hash) {
    if (size_ * 2 >= slots_.size() && slots_.size() < kMaxSlots) {
        grow();
    }
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < kProbe; ++i) {
        Slot& slot = slots_[(hash + i) & mask];
        if (!slot.entry) {
            slot.hash = hash;
            slot.entry = std::make_unique<Entry>();
            ++size_;
            return *slot.entry;
        }
    }
    if (slots_.size() < kMaxSlots) {
        grow();
        return place(account, subject, hash);
    }
    Slot& slot = slots_[(hash + ++victim_ % kProbe) & mask];
    slot.hash = hash;
    return *slot.entry;
}

void MatchCache::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    size_ = 0;
    last_ = nullptr;
    const std::size_t mask = slots_.size() - 1;
    for (Slot& from : old) {
        if (!from.entry) {
            continue;
        }
        // An entry that finds no place within the probe is forgotten; it is only a memory.
        for (std::size_t i = 0; i < kProbe; ++i) {
            Slot& to = slots_[(from.hash + i) & mask];
            if (!to.entry) {
                to.hash = from.hash;
                to.entry = std::move(from.entry);
                ++size_;
                break;
            }
        }
        bytes_ -= from.entry ? from.entry->bytes() : 0;
    }
}

}  // namespace gnatsd::kernel
