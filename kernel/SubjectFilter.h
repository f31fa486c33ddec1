// SubjectFilter: a fixed set of patterns, asked how a subject or another pattern relates to them.
//
// A tree of tokens: a node is met with the nth token of what is asked about and no other, so a
// question visits each node at most once, however many patterns and `*` there are.
//
// Threads: immutable after construction. Cost: no allocation; one hash for each token on the way.

#pragma once

#include "kernel/Subject.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class SubjectFilter {
public:
    SubjectFilter() = default;
    /// Requires: isPattern() for each of them.
    explicit SubjectFilter(const std::vector<std::string>& patterns);

    bool empty() const noexcept { return nodes_.empty(); }

    /// Whether one of the patterns matches a published subject, in which wildcards are plain text
    /// (CP-134).
    bool matches(std::string_view subject) const noexcept { return ask<Ask::matches>(subject); }

    /// Whether one of the patterns matches every subject that `pattern` does (AU-37).
    bool covers(std::string_view pattern) const noexcept { return ask<Ask::covers>(pattern); }

    /// Whether there is a subject that both `pattern` and one of the patterns match.
    bool overlaps(std::string_view pattern) const noexcept { return ask<Ask::overlaps>(pattern); }

private:
    enum class Ask { matches, covers, overlaps };

    // Indexes instead of pointers; 0 is the root or, where something may be absent, "none".
    struct Node {
        std::uint32_t any = 0;    // node behind `*`
        std::uint32_t edges = 0;  // 1 + index of its latest edge
        bool ends = false;        // a pattern ends here
        bool tail = false;        // a pattern goes on with `>`
    };
    struct Edge {
        std::string token;
        std::uint32_t from;
        std::uint32_t to;
        std::uint32_t next;  // 1 + index of the node's edge before
    };

    template <Ask kind>
    bool ask(std::string_view text) const noexcept {
        return !empty() && walk<kind>(0, Tokens(text));
    }
    template <Ask kind>
    bool walk(std::uint32_t at, Tokens rest) const noexcept;
    bool onlyOneWay(const Node& node) const noexcept {
        return node.any == 0 && node.edges != 0 && edges_[node.edges - 1].next == 0;
    }

    std::size_t home(std::uint32_t from, std::string_view token) const noexcept;
    const Edge* find(std::uint32_t from, std::string_view token) const noexcept;
    std::uint32_t follow(std::uint32_t from, std::string_view token);
    void add(std::string_view pattern);

    std::vector<Node> nodes_;
    std::vector<Edge> edges_;
    std::vector<std::uint32_t> table_;  // 1 + index of an edge; a power of two of them
};

}  // namespace gnatsd::kernel
