// Sublist: the subjects of one account and who subscribed to them.
//
// Subjects without wildcards live in a hash table, patterns in a trie that is walked token by
// token; a match asks both. Results are immutable and shared; whoever keeps one asks `stamp()`
// and `fresh()` whether it still holds.
//
// Threads: all members from any thread; one mutex. stamp() and fresh() take no lock.
// Cost: insert and remove O(tokens); literal subscriptions below 100 bytes beyond their own
// object and strings; a match allocates only its result.

#pragma once

#include "kernel/Hash.h"
#include "kernel/MatchResult.h"
#include "kernel/Mutex.h"
#include "kernel/Subscription.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace gnatsd::kernel {

class Sublist {
public:
    /// What a result was computed from. A change to the list moves the counters that belong to
    /// the changed subject only: a literal subscription moves the slot of its whole subject, a
    /// pattern the slot of its first token, a pattern that begins with a wildcard `wild`.
    struct Stamp {
        std::uint64_t version;  // moves with every change; equal means nothing to look at
        std::uint32_t literal;
        std::uint32_t first;
        std::uint32_t wild;
    };

    Sublist();
    ~Sublist();
    Sublist(const Sublist&) = delete;
    Sublist& operator=(const Sublist&) = delete;

    /// Requires: isPattern(subscription->subject()); not in the list yet.
    void insert(const Ref<Subscription>& subscription) GNATSD_EXCLUDES(mutex_);

    /// Answers false when it is not in the list (someone else removed it).
    bool remove(const Subscription& subscription) GNATSD_EXCLUDES(mutex_);

    /// All subscriptions that match a published subject, and the stamp the result holds for.
    /// A subject that is not publishable matches nobody (CP-134).
    Ref<MatchResult> match(std::string_view subject, Stamp& stamp) GNATSD_EXCLUDES(mutex_);

    /// Whether a result with this stamp still holds; if so, brings stamp.version up to date.
    /// Cost: one load when nothing changed at all, else four.
    bool fresh(std::string_view subject, Stamp& stamp) const noexcept;

    /// Moves with every insert and remove. Reading it before looking at anything else orders the
    /// look after all changes that happened before (acquire).
    std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

    std::size_t size() const GNATSD_EXCLUDES(mutex_);
    std::uint64_t inserts() const GNATSD_EXCLUDES(mutex_);
    std::uint64_t removes() const GNATSD_EXCLUDES(mutex_);

private:
    static constexpr std::size_t kSlots = 8192;

    struct Index;  // the literal table and the trie of patterns

    static std::size_t slot(std::uint64_t hash) noexcept { return hash % kSlots; }
    std::uint64_t hash(std::string_view bytes) const noexcept { return hashBytes(bytes, seed_); }
    void bump(std::string_view subject, std::uint64_t subjectHash, bool wildcard)
        GNATSD_REQUIRES(mutex_);

    const std::uint64_t seed_;  // random: placement cannot be prepared from outside
    // Written under the mutex only. A change moves its slot before version_ (see fresh()).
    std::atomic<std::uint64_t> version_{1};
    std::atomic<std::uint32_t> wild_{0};
    std::array<std::atomic<std::uint32_t>, kSlots> literal_{};
    std::array<std::atomic<std::uint32_t>, kSlots> first_{};

    mutable Mutex mutex_;
    std::unique_ptr<Index> index_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::kernel
