// Outbox: the bytes waiting to go out on one connection, and the handle by which others know it.
//
// It has two halves. The near half belongs to the owner's thread and takes no lock; a publisher on
// another thread appends to the far half under the leaf mutex, and the owner moves that behind
// the near half when it flushes. One publisher always uses the same half, so its order holds; when
// a connection moves to another thread, the mailbox orders the hand-over behind earlier flushes.
//
// Threads: near members on the owner's thread; far members on any. The lock is a leaf.
// Lifetime: shared. A Subscription or result may keep an Outbox alive after its connection is
// gone; from then on appends are refused.

#pragma once

#include "kernel/DeliveryRules.h"
#include "kernel/Link.h"
#include "kernel/Mutex.h"
#include "kernel/OutQueue.h"
#include "kernel/RefCounted.h"
#include "kernel/Subscription.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::kernel {

class Protocol;
class Shard;

class Outbox final : public RefCounted<Outbox> {
public:
    /// `identity` is the label of its connection in log lines (CP-241).
    static Ref<Outbox> make(Shard& owner, Link& link, std::string identity,
                            std::size_t maxPending) {
        return Ref<Outbox>(new Outbox(owner, link, std::move(identity), maxPending));
    }

    // --- any thread ---

    /// The reactor state that owns it. Null once closed and while it moves to another reactor.
    Shard* owner() const noexcept { return owner_.load(std::memory_order_acquire); }

    const std::string& identity() const noexcept { return identity_; }

    /// Whether its client understands headers (CP-104).
    bool headers() const noexcept { return headers_.load(std::memory_order_relaxed); }

    enum class Far { queued, queuedFirst, full, closed, skipped };

    /// Locks the far half. `make(queue)` appends messages of `size` bytes in all to it; it is not
    /// called when closed, full, or when `admit()` says no. Answers queuedFirst when the owner must
    /// be told.
    template <class Admit, class Make>
    Far appendFar(Shard& from, std::size_t size, std::size_t messages, Admit admit, Make make)
        GNATSD_EXCLUDES(mutex_) {
        const MutexLock lock(mutex_);
        if (farClosed_) {
            return Far::closed;
        }
        if (far_.bytes() + unsent_.load(std::memory_order_relaxed) + size > maxPending_) {
            overflow_.store(true, std::memory_order_relaxed);
            return askLocked() ? Far::full : Far::skipped;
        }
        if (!admit()) {
            return Far::skipped;
        }
        make(far_);
        farMessages_ += messages;
        farFrom_ = &from;
        return askLocked() ? Far::queuedFirst : Far::queued;
    }

    /// For the rare decision that needs both halves of a subscription's count (CP-69).
    Mutex& mutex() GNATSD_ANNOTATE(lock_returned(mutex_)) { return mutex_; }

    /// Tells the owner that a far publisher made the last delivery to this subscription (CP-70).
    /// The owner finds it at its next flush.
    void expireLocked(Subscription* subscription) GNATSD_REQUIRES(mutex_) {
        expired_.emplace_back(subscription);
        finished_.store(true, std::memory_order_relaxed);
    }

    /// What its user may do; null: everything.
    const Permissions* permissionsLocked() const noexcept GNATSD_REQUIRES(mutex_) {
        return rules_ ? &rules_->permissions() : nullptr;
    }

    /// A message with this reply subject goes into the far half (AU-41).
    void grantLocked(std::string_view reply, std::chrono::steady_clock::time_point now)
        GNATSD_REQUIRES(mutex_) {
        if (rules_) {
            rules_->grant(reply, now);
        }
    }

    /// Runs `task` with the session, on the thread that owns it then; not at all once it is closed.
    void postToSession(std::function<void(Protocol&)> task);

    bool nearHalfFull() const noexcept {
        return unsent_.load(std::memory_order_relaxed) > maxPending_ / 2;
    }

    // --- owner's thread ---

    Link* link() noexcept { return link_; }
    OutQueue& near() noexcept { return near_; }
    std::size_t maxPending() const noexcept { return maxPending_; }
    bool overflowed() const noexcept { return overflow_.load(std::memory_order_relaxed); }
    void setHeaders(bool on) noexcept { headers_.store(on, std::memory_order_relaxed); }

    /// The rules for what is delivered to it; null: none.
    void setPermissions(std::shared_ptr<const Permissions> permissions) GNATSD_EXCLUDES(mutex_);
    const Permissions* permissions() const noexcept { return permissions_; }

    /// Uses the right to publish one message on `subject`, if a delivery gave it (AU-41).
    bool takeGrant(std::string_view subject, std::chrono::steady_clock::time_point now)
        GNATSD_EXCLUDES(mutex_) {
        const MutexLock lock(mutex_);
        return rules_ && rules_->takeGrant(subject, now);
    }

    /// Whether collect() has something to move.
    bool hasFar() const noexcept { return asked_.load(std::memory_order_acquire); }

    /// Moves what far publishers left behind the near half and arms queuedFirst again.
    /// Subscriptions that far publishers finished are moved to `expired`.
    void collect(std::vector<Ref<Subscription>>& expired) GNATSD_EXCLUDES(mutex_);

    /// Publishes how much is unsent, for the limit check of far publishers. Call after a write.
    void noteUnsent() noexcept { unsent_.store(near_.bytes(), std::memory_order_relaxed); }

    /// Refuses everything from now on and frees the queued bytes.
    void close(ChunkPool& pool) GNATSD_EXCLUDES(mutex_);

    /// Null: on its way to another thread, everybody appends far and nobody need be told. Then, on
    /// the new thread, its shard; collect() must follow, which finds what was appended meanwhile.
    /// Requires: called by the owner, near half settled.
    void moveTo(Shard* owner) noexcept GNATSD_EXCLUDES(mutex_) {
        // Under the lock: who appended before is seen by the collect() that follows, who appends
        // later sees the new owner.
        const MutexLock lock(mutex_);
        owner_.store(owner, std::memory_order_release);
    }

    bool dirty = false;                   ///< in the owner's list of outboxes to flush
    std::uint64_t sentMessages = 0;       ///< MSG and HMSG queued by the owner's thread
    std::uint64_t sentBytes = 0;          ///< their payload bytes
    const void* lastPublisher = nullptr;  ///< outbox of the last one that appended near; a name

    /// What other threads appended, and the last one of them.
    struct FarTraffic {
        std::uint64_t messages;
        Shard* from;
    };
    FarTraffic farTraffic() GNATSD_EXCLUDES(mutex_) {
        const MutexLock lock(mutex_);
        return {farMessages_, farFrom_};
    }

    static void destroy(Outbox* outbox) noexcept { delete outbox; }

private:
    Outbox(Shard& owner, Link& link, std::string identity, std::size_t maxPending)
        : owner_(&owner), maxPending_(maxPending), identity_(std::move(identity)), link_(&link) {}
    ~Outbox() = default;

    /// Whether the owner must be told: nobody did since the last collect().
    bool askLocked() noexcept GNATSD_REQUIRES(mutex_) {
        const bool first = !asked_.load(std::memory_order_relaxed);
        asked_.store(true, std::memory_order_relaxed);
        return first;
    }

    std::atomic<Shard*> owner_;
    const std::size_t maxPending_;
    const std::string identity_;
    std::atomic<std::size_t> unsent_{0};
    std::atomic<bool> headers_{false};
    std::atomic<bool> overflow_{false};
    std::atomic<bool> asked_{false};     // written under mutex_, peeked at by the owner
    std::atomic<bool> finished_{false};  // as asked_: expired_ is not empty

    Link* link_;
    OutQueue near_;
    const Permissions* permissions_ = nullptr;  // those of rules_

    Mutex mutex_;
    OutQueue far_ GNATSD_GUARDED_BY(mutex_);
    std::vector<Ref<Subscription>> expired_ GNATSD_GUARDED_BY(mutex_);
    std::unique_ptr<DeliveryRules> rules_ GNATSD_GUARDED_BY(mutex_);  // null: everything
    std::uint64_t farMessages_ GNATSD_GUARDED_BY(mutex_) = 0;
    Shard* farFrom_ GNATSD_GUARDED_BY(mutex_) = nullptr;
    bool farClosed_ GNATSD_GUARDED_BY(mutex_) = false;
};

}  // namespace gnatsd::kernel
