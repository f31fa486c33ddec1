// SubjectSet: many random subjects, the same ones for the same seed, and how many subscriptions
// each of them matches.
//
// Literals are PREFIX.nnn.nnn.nnn, no two alike; wildcards put a * for the middle or the last
// number, or a > for the last two.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::bench {

class SubjectSet {
public:
    /// Requires: count at most 100 million, of these at most 1 million wildcards.
    SubjectSet(std::string prefix, std::size_t count, double wildcardShare, std::uint64_t seed);

    std::size_t size() const { return literals_.size() + wildcards_.size(); }
    std::size_t literals() const { return literals_.size(); }

    std::string literal(std::size_t index) const;
    /// Literals first, then wildcards.
    std::string subscription(std::size_t index) const;

    /// How many of all subscriptions match a literal of this set.
    std::uint8_t matches(std::size_t literalIndex) const;

    double meanLength() const;

private:
    enum class Shape : std::uint8_t { middle, last, rest };

    struct Wildcard {
        std::uint32_t number;
        Shape shape;
    };

    static std::uint32_t keyOf(std::uint32_t number, Shape shape);

    std::string prefix_;
    std::vector<std::uint32_t> literals_;
    std::vector<Wildcard> wildcards_;
    std::vector<std::uint8_t> wildcardsOn_;
};

}  // namespace gnatsd::bench
