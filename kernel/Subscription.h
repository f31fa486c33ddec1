// Subscription: one client's interest: subject, queue, sid, where to deliver, how often still.
//
// Threads: subject, queue, sid and outbox are immutable; counters as noted at each.
// Lifetime: shared by the session that made it, the Sublist, and match results. It may outlive
// its session; the Outbox then answers that it is closed.
// Cost: one allocation, the strings lie behind the object.

#pragma once

#include "kernel/RefCounted.h"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace gnatsd::kernel {

class Outbox;

class Subscription final : public RefCounted<Subscription> {
public:
    /// `outbox` may be null in tests of the Sublist only.
    static Ref<Subscription> make(Outbox* outbox, std::string_view subject, std::string_view queue,
                                  std::string_view sid);

    std::string_view subject() const noexcept { return {text(), subjectSize_}; }
    std::string_view queue() const noexcept { return {text() + subjectSize_, queueSize_}; }

    /// The sid and one blank behind it: "7 ", the form in which it goes out.
    std::string_view sidBlank() const noexcept {
        return {text() + subjectSize_ + queueSize_, sidSize_ + 1U};
    }
    std::string_view sid() const noexcept { return {text() + subjectSize_ + queueSize_, sidSize_}; }

    Outbox* outbox() const noexcept { return outbox_.get(); }

    /// Set by the owner's thread once it is out of the session, or by the publisher that made the
    /// last delivery (CP-70). A closed subscription in an old result gets nothing.
    bool closed() const noexcept { return (state() & kClosed) != 0; }
    /// Answers true to exactly one caller.
    bool close() noexcept {
        return (state_.fetch_or(kClosed, std::memory_order_acq_rel) & kClosed) == 0;
    }

    /// Whether a delivery need not ask for anything of the following, nor is it closed.
    bool plain() const noexcept { return state() == 0; }
    /// Some messages may not be delivered to it: ask Permissions::mayDeliver() (AU-39).
    bool filtered() const noexcept { return (state() & kFiltered) != 0; }
    /// A delivery gives the right to publish to its reply subject (AU-41).
    bool grantsReplies() const noexcept { return (state() & kGrants) != 0; }
    /// By the owner's thread, with the outbox's rules in place.
    void setRules(bool filtered, bool grantsReplies) noexcept {
        const auto rules =
            static_cast<std::uint8_t>((filtered ? kFiltered : 0) | (grantsReplies ? kGrants : 0));
        state_.fetch_or(rules, std::memory_order_acq_rel);
        state_.fetch_and(static_cast<std::uint8_t>(rules | kClosed), std::memory_order_acq_rel);
    }

    // Deliveries are counted in two halves, so that the common one costs no locked instruction:
    // `localCount` is written on the owner's thread only, `remoteCount` under the outbox's lock.
    std::uint64_t delivered() const noexcept {
        return localCount_.load(std::memory_order_relaxed) +
               remoteCount_.load(std::memory_order_relaxed);
    }
    void countLocal(std::uint64_t messages = 1) noexcept {
        localCount_.store(localCount_.load(std::memory_order_relaxed) + messages,
                          std::memory_order_relaxed);
    }
    void countRemote(std::uint64_t messages = 1) noexcept {
        remoteCount_.store(remoteCount_.load(std::memory_order_relaxed) + messages,
                           std::memory_order_relaxed);
    }

    /// UNSUB's max (CP-69), 0 = none. Written under the outbox's lock by the owner's thread.
    std::uint64_t max() const noexcept { return max_.load(std::memory_order_relaxed); }
    void setMax(std::uint64_t max) noexcept { max_.store(max, std::memory_order_relaxed); }

    static void destroy(Subscription* subscription) noexcept;

private:
    friend class Subscribers;  // place_ only

    Subscription(Outbox* outbox, std::string_view subject, std::string_view queue,
                 std::string_view sid) noexcept;
    ~Subscription();

    static constexpr std::uint8_t kClosed = 1;
    static constexpr std::uint8_t kFiltered = 2;
    static constexpr std::uint8_t kGrants = 4;

    std::uint8_t state() const noexcept { return state_.load(std::memory_order_relaxed); }
    const char* text() const noexcept { return reinterpret_cast<const char*>(this + 1); }

    // Index among the subscriptions of its subject; the Sublist's, under its lock. First, because
    // four bytes are free there.
    std::uint32_t place_ = 0;
    Ref<Outbox> outbox_;
    std::atomic<std::uint64_t> localCount_{0};
    std::atomic<std::uint64_t> remoteCount_{0};
    std::atomic<std::uint64_t> max_{0};
    std::uint32_t subjectSize_;
    std::uint32_t queueSize_;
    std::uint32_t sidSize_;
    std::atomic<std::uint8_t> state_{0};
};

}  // namespace gnatsd::kernel
