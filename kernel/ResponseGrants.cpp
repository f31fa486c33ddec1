#include "kernel/ResponseGrants.h"

#include "kernel/Hash.h"
#include "kernel/Random.h"

namespace gnatsd::kernel {

ResponseGrants::ResponseGrants() : seed_(randomSeed()), heads_(kFirstHeads, kNone) {}

void ResponseGrants::grant(std::string_view reply, const ResponseRule& rule, Time now) {
    while (oldest_ != kNone && (slots_[oldest_].expires <= now || size_ == kMost)) {
        remove(oldest_);
    }
    Index index = find(reply);
    if (index == kNone) {
        index = add(reply);
    } else {
        unlink(index);
    }
    append(index);
    Slot& slot = slots_[index];
    slot.expires = rule.expires.count() < 0 ? Time::max() : now + rule.expires;
    if (rule.maxMessages < 0) {
        slot.left = -1;
    } else if (slot.left >= 0) {
        slot.left += rule.maxMessages;
    }
}

bool ResponseGrants::take(std::string_view subject, Time now) {
    const Index index = find(subject);
    if (index == kNone) {
        return false;
    }
    Slot& slot = slots_[index];
    if (slot.expires <= now) {
        remove(index);
        return false;
    }
    if (slot.left > 0 && --slot.left == 0) {
        remove(index);
    }
    return true;
}

ResponseGrants::Index& ResponseGrants::head(std::string_view subject) noexcept {
    return heads_[hashBytes(subject, seed_) & (heads_.size() - 1)];
}

ResponseGrants::Index ResponseGrants::find(std::string_view subject) noexcept {
    Index index = head(subject);
    while (index != kNone && slots_[index].subject != subject) {
        index = slots_[index].chain;
    }
    return index;
}

ResponseGrants::Index ResponseGrants::add(std::string_view subject) {
    if (size_ == heads_.size()) {
        rehash();
    }
    Index index = free_;
    if (index == kNone) {
        index = static_cast<Index>(slots_.size());
        slots_.emplace_back();
    } else {
        free_ = slots_[index].chain;
    }
    Slot& slot = slots_[index];
    slot.subject = subject;
    slot.left = 0;
    Index& first = head(subject);
    slot.chain = first;
    first = index;
    ++size_;
    return index;
}

void ResponseGrants::remove(Index index) noexcept {
    Slot& slot = slots_[index];
    Index* at = &head(slot.subject);
    while (*at != index) {
        at = &slots_[*at].chain;
    }
    *at = slot.chain;
    unlink(index);
    slot.chain = free_;
    free_ = index;
    --size_;
}

void ResponseGrants::append(Index index) noexcept {
    slots_[index].older = newest_;
    slots_[index].newer = kNone;
    (newest_ == kNone ? oldest_ : slots_[newest_].newer) = index;
    newest_ = index;
}

void ResponseGrants::unlink(Index index) noexcept {
    const Slot& slot = slots_[index];
    (slot.older == kNone ? oldest_ : slots_[slot.older].newer) = slot.newer;
    (slot.newer == kNone ? newest_ : slots_[slot.newer].older) = slot.older;
}

void ResponseGrants::rehash() {
    heads_.assign(heads_.size() * 2, kNone);
    for (Index index = oldest_; index != kNone; index = slots_[index].newer) {
        Index& first = head(slots_[index].subject);
        slots_[index].chain = first;
        first = index;
    }
}

}  // namespace gnatsd::kernel
