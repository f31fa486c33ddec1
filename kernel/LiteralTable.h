// LiteralTable: the subscriptions whose subject has no wildcards; one entry per subject.
//
// Threads: guarded by the Sublist's mutex. Cost: all members O(length of the subject).

#pragma once

#include "kernel/SlotTable.h"
#include "kernel/Subscribers.h"

#include <cstdint>
#include <string_view>

namespace gnatsd::kernel {

/// `hash` is hashBytes(subject, seed), the same seed for all calls.
class LiteralTable {
public:
    void insert(const Ref<Subscription>& subscription, std::uint64_t hash) {
        if (Subscribers* subscribers = find(subscription->subject(), hash)) {
            subscribers->add(subscription);
        } else {
            slots_.insert(key(hash), Subscribers(subscription));
        }
    }

    /// Answers an empty Ref when it is not in here.
    Ref<Subscription> take(const Subscription& subscription, std::uint64_t hash) {
        Subscribers* subscribers = find(subscription.subject(), hash);
        if (subscribers == nullptr) {
            return {};
        }
        Ref<Subscription> taken = subscribers->take(subscription);
        if (subscribers->empty()) {
            slots_.erase(key(hash), subscribers);
        }
        return taken;
    }

    /// Null when the subject has none.
    Subscribers* find(std::string_view subject, std::uint64_t hash) const {
        return slots_.find(key(hash), [subject](const Subscribers& subscribers) {
            return subscribers.subject() == subject;
        });
    }

private:
    using Slots = SlotTable<Subscribers>;

    static Slots::Key key(std::uint64_t hash) noexcept {
        return {static_cast<std::uint32_t>(hash >> 32U), static_cast<std::uint32_t>(hash)};
    }

    Slots slots_;
};

}  // namespace gnatsd::kernel
