// MatchCache: one reactor's private memory of who gets what.
//
// Open addressing with a short probe; grows to kMaxSlots, then replaces, but only for a subject
// that comes a second time: subjects that are used once (inboxes) pass by and push nothing out.
// Nothing is invalidated from outside: an entry is asked whether its stamp is still fresh when it
// is used.
//
// Threads: confined to one reactor. Cost: a hit is one hash, one probe and one load.

#pragma once

#include "kernel/Account.h"
#include "kernel/Bytes.h"
#include "kernel/MatchResult.h"
#include "kernel/Subject.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class MatchCache {
public:
    MatchCache();
    ~MatchCache();
    MatchCache(const MatchCache&) = delete;
    MatchCache& operator=(const MatchCache&) = delete;

    /// Who gets a message on `subject`. The answer holds until the next call.
    const MatchResult& lookup(Account& account, std::string_view subject) {
        Entry* last = last_;
        if (last != nullptr && last->account == &account && same(*last, subject) &&
            last->stamp.version == account.sublist().version()) [[likely]] {
            ++hits_;
            return *last->result;
        }
        return find(account, subject);
    }

    /// From now on every lookup asks the Sublist (OPT-157). Requires: no lookup yet.
    void disable() noexcept { enabled_ = false; }

    /// Answers what `ask()` answered before for this key and the subject of the last lookup(), and
    /// asks only when that is not known. All users of a reactor share the memory.
    /// Requires: `ask` depends on nothing else. Key: as Permissions make them.
    template <class Ask>
    bool remembered(std::uint64_t key, Ask ask) {
        if (last_ == nullptr) {
            return ask();
        }
        std::uint64_t& verdict = last_->verdicts[key % kVerdicts];
        if (verdict >> 1U != key) [[unlikely]] {
            verdict = key << 1U | (ask() ? 1U : 0U);
        }
        return (verdict & 1U) != 0;
    }

    std::uint64_t hits() const noexcept { return hits_; }
    std::uint64_t misses() const noexcept { return misses_; }
    std::size_t size() const noexcept { return size_; }

    /// Memory for subjects and receivers, roughly.
    std::size_t bytes() const noexcept { return bytes_; }

    static constexpr std::size_t kMaxSlots = 65536;
    static constexpr std::size_t kMostBytes = std::size_t{64} * 1024 * 1024;

private:
    static constexpr std::size_t kVerdicts = 4;

    struct Entry {
        Account* account = nullptr;
        std::string subject;
        Sublist::Stamp stamp{};
        Ref<MatchResult> result;
        std::array<std::uint64_t, kVerdicts> verdicts{};  // key and, last bit, answer

        /// What it keeps in memory, roughly.
        std::size_t bytes() const noexcept;
    };
    struct Slot {
        std::uint64_t hash = 0;
        std::unique_ptr<Entry> entry;
    };
    static constexpr std::size_t kFirstSlots = 256;
    static constexpr std::size_t kProbe = 8;
    static constexpr std::size_t kSeenBits = 131072;

    static bool same(const Entry& entry, std::string_view subject) noexcept {
        return entry.subject.size() == subject.size() &&
               sameBytes(entry.subject.data(), subject.data(), subject.size());
    }

    const MatchResult& find(Account& account, std::string_view subject);
    Entry& place(Account& account, std::string_view subject, std::uint64_t hash);
    const MatchResult& pass(Account& account, std::string_view subject);
    const MatchResult& fill(Entry& entry, Account& account, std::string_view subject);
    void grow();
    bool firstSight(std::uint64_t hash);

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;  // the sum of all entries'
    Entry* last_ = nullptr;
    bool enabled_ = true;
    std::uint64_t hits_ = 0;
    std::uint64_t misses_ = 0;
    std::uint64_t victim_ = 0;
    Ref<MatchResult> passing_;         // the answer of the last lookup when it was not kept
    std::vector<std::uint64_t> seen_;  // a bit for each subject that came once since the last clear
    std::size_t seenCount_ = 0;
    const std::uint64_t seed_;
};

}  // namespace gnatsd::kernel
