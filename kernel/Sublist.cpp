#include "kernel/Sublist.h"

#include "kernel/Check.h"
#include "kernel/LiteralTable.h"
#include "kernel/MatchBuilder.h"
#include "kernel/PatternTrie.h"
#include "kernel/Random.h"
#include "kernel/Subject.h"

#include <utility>

namespace gnatsd::kernel {

namespace {

// Writers hold the mutex, so nothing is lost between load and store.
template <class Counter>
void increment(std::atomic<Counter>& counter, std::memory_order order) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, order);
}

}  // namespace

struct Sublist::Index {
    explicit Index(std::uint64_t seed) : patterns(seed) {}

    LiteralTable literals;
    PatternTrie patterns;
    MatchBuilder builder;
    std::uint64_t inserts = 0;
    std::uint64_t removes = 0;
};

Sublist::Sublist() : seed_(randomSeed()), index_(std::make_unique<Index>(seed_)) {}

Sublist::~Sublist() = default;

void Sublist::insert(const Ref<Subscription>& subscription) {
    const std::string_view subject = subscription->subject();
    GNATSD_CHECK(isPattern(subject));
    const bool wildcard = hasWildcard(subject);
    const std::uint64_t subjectHash = hash(subject);

    const MutexLock lock(mutex_);
    if (wildcard) {
        index_->patterns.insert(subscription);
    } else {
        index_->literals.insert(subscription, subjectHash);
    }
    ++index_->inserts;
    bump(subject, subjectHash, wildcard);
}

bool Sublist::remove(const Subscription& subscription) {
    const std::string_view subject = subscription.subject();
    const bool wildcard = hasWildcard(subject);
    const std::uint64_t subjectHash = hash(subject);

    // Declared before the lock: if this was the last reference, the subscription and perhaps its
    // outbox end after the lock is released.
    Ref<Subscription> taken;
    const MutexLock lock(mutex_);
    taken = wildcard ? index_->patterns.take(subscription)
                     : index_->literals.take(subscription, subjectHash);
    if (!taken) {
        return false;
    }
    ++index_->removes;
    bump(subject, subjectHash, wildcard);
    return true;
}

void Sublist::bump(std::string_view subject, std::uint64_t subjectHash, bool wildcard) {
    const std::string_view first = firstToken(subject);
    if (!wildcard) {
        increment(literal_[slot(subjectHash)], std::memory_order_relaxed);
    } else if (first == "*" || first == ">") {
        increment(wild_, std::memory_order_relaxed);
    } else {
        increment(first_[slot(hash(first))], std::memory_order_relaxed);
    }
    // Release: whoever sees this version sees the slot of every change up to it, also of those
    // that other threads made, for the mutex orders them before this one.
    increment(version_, std::memory_order_release);
}

Ref<MatchResult> Sublist::match(std::string_view subject, Stamp& stamp) {
    const bool publishable = isPublishable(subject);
    const std::uint64_t subjectHash = hash(subject);
    const std::size_t first = slot(hash(firstToken(subject)));

    const MutexLock lock(mutex_);
    // Relaxed: they change under this mutex only.
    stamp.version = version_.load(std::memory_order_relaxed);
    stamp.literal = literal_[slot(subjectHash)].load(std::memory_order_relaxed);
    stamp.first = first_[first].load(std::memory_order_relaxed);
    stamp.wild = wild_.load(std::memory_order_relaxed);
    if (publishable) {
        if (const Subscribers* subscribers = index_->literals.find(subject, subjectHash)) {
            index_->builder.add(*subscribers);
        }
        index_->patterns.match(subject, index_->builder);
    }
    return index_->builder.build();
}

bool Sublist::fresh(std::string_view subject, Stamp& stamp) const noexcept {
    // The version first, and with acquire: the slots read after it are then at least as young, so
    // a change up to this version cannot be missed. A slot that is younger still only means one
    // match too many.
    const std::uint64_t now = version_.load(std::memory_order_acquire);
    if (now == stamp.version) {
        return true;
    }
    if (stamp.wild != wild_.load(std::memory_order_relaxed) ||
        stamp.literal != literal_[slot(hash(subject))].load(std::memory_order_relaxed) ||
        stamp.first != first_[slot(hash(firstToken(subject)))].load(std::memory_order_relaxed)) {
        return false;
    }
    stamp.version = now;
    return true;
}

std::size_t Sublist::size() const {
    const MutexLock lock(mutex_);
    return static_cast<std::size_t>(index_->inserts - index_->removes);
}

std::uint64_t Sublist::inserts() const {
    const MutexLock lock(mutex_);
    return index_->inserts;
}

std::uint64_t Sublist::removes() const {
    const MutexLock lock(mutex_);
    return index_->removes;
}

}  // namespace gnatsd::kernel
