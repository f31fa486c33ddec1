#include "kernel/Outbox.h"

#include "kernel/Protocol.h"
#include "kernel/Shard.h"

#include <utility>

namespace gnatsd::kernel {

void Outbox::collect(std::vector<Ref<Subscription>>& expired) {
    // A far publisher sets asked_ before it tells the owner, and the mailbox orders the two; a
    // stale "no" here only means that its request is still on the way.
    if (!asked_.load(std::memory_order_acquire) && !finished_.load(std::memory_order_acquire)) {
        return;
    }
    const MutexLock lock(mutex_);
    asked_.store(false, std::memory_order_relaxed);
    finished_.store(false, std::memory_order_relaxed);
    near_.take(far_);
    expired.swap(expired_);
}

void Outbox::close(ChunkPool& pool) {
    link_ = nullptr;
    near_.clear(pool);
    owner_.store(nullptr, std::memory_order_release);
    permissions_ = nullptr;
    std::vector<Ref<Subscription>> expired;  // released outside the lock, as the rules
    std::unique_ptr<DeliveryRules> rules;
    const MutexLock lock(mutex_);
    rules.swap(rules_);
    farClosed_ = true;
    far_.clear(pool);
    expired.swap(expired_);
}

void Outbox::setPermissions(std::shared_ptr<const Permissions> permissions) {
    permissions_ = permissions.get();
    std::unique_ptr<DeliveryRules> old;  // freed outside the lock
    const MutexLock lock(mutex_);
    if (permissions && rules_) {
        rules_->set(std::move(permissions));
        return;
    }
    old = std::move(rules_);
    if (permissions) {
        rules_ = std::make_unique<DeliveryRules>(std::move(permissions));
    }
}

void Outbox::postToSession(std::function<void(Protocol&)> task) {
    Shard* const owner = this->owner();
    if (owner == nullptr) {
        return;
    }
    owner->target().post([self = Ref<Outbox>(this), owner, task = std::move(task)] {
        if (self->owner() == owner) {
            task(self->link_->protocol());
        } else {
            self->postToSession(task);  // it moved, or it closed and this does nothing
        }
    });
}

}  // namespace gnatsd::kernel
