// ResponseGrants: the reply subjects that one connection may publish to because it was asked
// there (AU-41).
//
// Threads: guarded by its Outbox's mutex: who delivers grants, the session takes.
// Cost: no allocation once warm; at most kMost subjects are kept, then the oldest is forgotten.

#pragma once

#include "kernel/Permissions.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class ResponseGrants {
public:
    using Time = std::chrono::steady_clock::time_point;

    ResponseGrants();

    /// What the rule gives for one delivered message, on top of what is left for this subject.
    void grant(std::string_view reply, const ResponseRule& rule, Time now);

    /// Uses one message of what was granted; answers whether there was one.
    bool take(std::string_view subject, Time now);

    std::size_t size() const noexcept { return size_; }

    static constexpr std::size_t kMost = 65536;

private:
    // Slots are reused with the memory of their strings. Indexes; kNone: no such slot.
    using Index = std::uint32_t;
    static constexpr Index kNone = UINT32_MAX;
    static constexpr std::size_t kFirstHeads = 16;

    struct Slot {
        std::string subject;
        Time expires;
        std::int64_t left = 0;  // negative: any number
        Index chain = kNone;    // next one with the same head, or next free one
        Index older = kNone;
        Index newer = kNone;
    };

    Index& head(std::string_view subject) noexcept;
    Index find(std::string_view subject) noexcept;
    Index add(std::string_view subject);
    void remove(Index index) noexcept;
    void append(Index index) noexcept;
    void unlink(Index index) noexcept;
    void rehash();

    const std::uint64_t seed_;
    std::vector<Slot> slots_;
    std::vector<Index> heads_;  // a power of two
    Index free_ = kNone;
    Index oldest_ = kNone;
    Index newest_ = kNone;
    std::size_t size_ = 0;
};

}  // namespace gnatsd::kernel
