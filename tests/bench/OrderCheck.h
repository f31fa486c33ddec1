// OrderCheck: does each receiver get what it should, once, in the order of each publisher?
//
// exact: every message of every publisher. increasing: a part of them (queue group), each kept in
// a bit map so that checkShared() can see afterwards that all parts make the whole.
// repeating: message n comes as often as `copies` says (overlapping subscriptions).
// Threads: one at a time. Cost: a compare and an increment per message in the exact case.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::bench {

class OrderCheck {
public:
    enum class Kind { countOnly, exact, increasing, repeating };

    /// `startAnywhere`: a publisher that was already running is taken from where it is.
    explicit OrderCheck(Kind kind, bool startAnywhere = false)
        : kind_(kind), startAnywhere_(startAnywhere) {}

    /// For repeating: how often message n comes; n counts modulo the size of the list.
    void setCopies(const std::vector<std::uint8_t>& copies) { copies_ = &copies; }

    Kind kind() const { return kind_; }

    /// False when this message should not have come here and now; problem() then says more.
    bool accept(std::uint64_t word) noexcept {
        if (kind_ == Kind::exact) {
            const std::uint64_t publisher = word >> 48;
            if (publisher < next_.size() && next_[publisher] == word) {
                ++next_[publisher];
                return true;
            }
        }
        return acceptSlowly(word);
    }

    const std::string& problem() const { return problem_; }

    /// Messages of publisher n that came, as bits. For increasing only.
    const std::vector<std::vector<std::uint64_t>>& seen() const { return seen_; }

private:
    bool acceptSlowly(std::uint64_t word) noexcept;
    bool acceptExact(std::uint64_t word);
    bool acceptIncreasing(std::uint64_t word);
    bool acceptRepeating(std::uint64_t word);
    bool refuse(std::uint64_t word, std::uint64_t expected);

    Kind kind_;
    bool startAnywhere_;
    std::vector<std::uint64_t> next_;
    std::vector<std::vector<std::uint64_t>> seen_;
    const std::vector<std::uint8_t>* copies_ = nullptr;
    std::uint64_t current_ = 0;
    unsigned currentCopies_ = 0;
    std::string problem_;
};

/// Problems with the parts of a queue group together: `sent[n]` messages of publisher n must each
/// be in exactly one part.
std::vector<std::string> checkShared(const std::vector<const OrderCheck*>& parts,
                                     const std::vector<std::uint64_t>& sent);

}  // namespace gnatsd::bench
