// PatternTrie: the subscriptions whose pattern has wildcards, walked token by token.
//
// Inner nodes exist only where patterns part: an edge leads to a node or, while one pattern goes
// on alone, straight to that pattern's subscribers, and the rest of it is compared as text. All
// edges are in one table under (id of the node, token); the wildcards `*` and `>` are edges with
// these tokens. A node at depth n is met with the nth token of the subject and no other, so a
// match visits each node at most once, however many `*` there are.
//
// Threads: guarded by the Sublist's mutex.
// Cost: 21 to 43 bytes per pattern and about 110 per inner node. No recursion: a subject may have
// thousands of tokens.

#pragma once

#include "kernel/MatchBuilder.h"
#include "kernel/SlotTable.h"
#include "kernel/Subscribers.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class PatternTrie {
public:
    explicit PatternTrie(std::uint64_t seed);
    ~PatternTrie();
    PatternTrie(const PatternTrie&) = delete;
    PatternTrie& operator=(const PatternTrie&) = delete;

    void insert(const Ref<Subscription>& subscription);

    /// Answers an empty Ref when it is not in here.
    Ref<Subscription> take(const Subscription& subscription);

    /// Requires: isPublishable(subject).
    void match(std::string_view subject, MatchBuilder& found);

private:
    struct Node;
    class Link;
    using Edges = SlotTable<Link>;

    // A node met with the token of the subject that begins here.
    struct Step {
        const Node* node;
        std::size_t begin;
    };

    Edges::Key key(const Node& node, std::string_view token) const noexcept;
    static bool leadsFrom(const Node& node, std::string_view token, const Link& link) noexcept;
    Link* find(const Node& node, std::string_view token) const;

    void addEdge(Node& node, std::string_view token, Link link);
    void dropEdge(Node& node, std::string_view token, const Link* link);
    Node& split(Node& node, std::string_view token, Link& leaf);
    void prune(Node& node);

    void follow(const Node& node, std::string_view token, std::string_view subject, std::size_t end,
                MatchBuilder& found);

    const std::uint64_t seed_;
    Edges edges_;
    std::unique_ptr<Node> root_;
    std::vector<Step> steps_;
    std::uint32_t ids_ = 1;
    std::vector<std::uint32_t> freeIds_;
};

}  // namespace gnatsd::kernel
