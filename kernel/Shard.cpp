#include "kernel/Shard.h"

#include <algorithm>

namespace gnatsd::kernel {

Shard::Shard(unsigned index, FlushTarget& target)
    : index_(index),
      target_(target),
      random_(hashBytes("shard",
                        reinterpret_cast<std::uintptr_t>(this) ^
                            static_cast<std::uint64_t>(Clock::now().time_since_epoch().count())) |
              1U) {}

Shard::~Shard() = default;

void Shard::markFar(Outbox& outbox) {
    Shard* owner = outbox.owner();
    if (owner == nullptr) {
        return;  // it closed meanwhile
    }
    const auto list = std::find_if(far_.begin(), far_.end(), [&](const FarList& far) {
        return far.target == &owner->target();
    });
    FarList& far = list != far_.end() ? *list : far_.emplace_back(FarList{&owner->target(), {}});
    far.outboxes.emplace_back(&outbox);
}

void Shard::flushAll() {
    flushing_.swap(dirty_);
    for (const Ref<Outbox>& outbox : flushing_) {
        outbox->dirty = false;
        if (Link* link = outbox->link(); link != nullptr) {
            link->flush();
        }
    }
    flushing_.clear();
    for (FarList& far : far_) {
        if (!far.outboxes.empty()) {
            far.target->flushSoon(far.outboxes);
        }
    }
    queued = 0;
    borrowed = false;
}

}  // namespace gnatsd::kernel
