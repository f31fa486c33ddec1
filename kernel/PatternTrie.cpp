#include "kernel/PatternTrie.h"

#include "kernel/Check.h"
#include "kernel/Subject.h"

#include <limits>
#include <string>
#include <utility>

namespace gnatsd::kernel {

struct PatternTrie::Node {
    Node* parent = nullptr;
    std::string token;
    Subscribers here;         // of the pattern that ends with this token
    std::size_t begin = 0;    // in every pattern below, where the next token begins
    std::uint32_t id = 0;     // unique among the nodes there are
    std::uint32_t edges = 0;  // how many lead away
    bool star = false;        // one of them is `*`
    bool tail = false;        // one of them is `>`
};

/// Where an edge leads: a leaf (subscribers of one pattern) or a node, which it owns.
class PatternTrie::Link final : public Subscribers {
public:
    Link() = default;
    explicit Link(Subscribers leaf) noexcept : Subscribers(std::move(leaf)) {}
    explicit Link(std::unique_ptr<Node> node) noexcept
        : Subscribers(reinterpret_cast<char*>(node.release()) + kOther) {}
    Link(Link&&) noexcept = default;
    Link& operator=(Link&&) noexcept = default;
    ~Link() {
        if (tag() == kOther) {
            const std::unique_ptr<Node> owned(node());
            dropWord();
        }
    }

    /// Null when it is a leaf.
    Node* node() const noexcept {
        return tag() == kOther ? reinterpret_cast<Node*>(object()) : nullptr;
    }
};

namespace {

std::string_view tokenAt(std::string_view subject, std::size_t begin) noexcept {
    return firstToken(subject.substr(begin));
}

bool endsWith(std::string_view subject, std::size_t begin, std::string_view token) noexcept {
    return begin + token.size() == subject.size();
}

}  // namespace

PatternTrie::PatternTrie(std::uint64_t seed) : seed_(seed), root_(std::make_unique<Node>()) {}

PatternTrie::~PatternTrie() = default;

PatternTrie::Edges::Key PatternTrie::key(const Node& node, std::string_view token) const noexcept {
    const std::uint64_t mixed = (node.id + 1U) * 0x9e3779b97f4a7c15U;
    const std::uint64_t hash = hashBytes(token, seed_ ^ mixed);
    return {static_cast<std::uint32_t>(hash >> 32U), node.id};
}

bool PatternTrie::leadsFrom(const Node& node, std::string_view token, const Link& link) noexcept {
    if (const Node* child = link.node()) {
        return child->token == token;
    }
    const std::string_view rest = link.subject().substr(node.begin);
    return rest.starts_with(token) && (rest.size() == token.size() || rest[token.size()] == '.');
}

PatternTrie::Link* PatternTrie::find(const Node& node, std::string_view token) const {
    return edges_.find(key(node, token),
                       [&](const Link& link) { return leadsFrom(node, token, link); });
}

void PatternTrie::addEdge(Node& node, std::string_view token, Link link) {
    edges_.insert(key(node, token), std::move(link));
    ++node.edges;
    node.star = node.star || token == "*";
    node.tail = node.tail || token == ">";
}

void PatternTrie::dropEdge(Node& node, std::string_view token, const Link* link) {
    edges_.erase(key(node, token), link);
    --node.edges;
    node.star = node.star && token != "*";
    node.tail = node.tail && token != ">";
}

// Puts a node in place of a leaf and moves the leaf one token down.
PatternTrie::Node& PatternTrie::split(Node& node, std::string_view token, Link& leaf) {
    auto child = std::make_unique<Node>();
    child->parent = &node;
    child->token = token;
    child->begin = node.begin + token.size() + 1;
    if (freeIds_.empty()) {
        GNATSD_CHECK(ids_ != std::numeric_limits<std::uint32_t>::max());
        child->id = ids_++;
    } else {
        child->id = freeIds_.back();
        freeIds_.pop_back();
    }
    Node& made = *child;
    Link moved = std::exchange(leaf, Link(std::move(child)));
    const std::string_view pattern = moved.subject();
    if (endsWith(pattern, node.begin, token)) {
        made.here = std::move(moved);
    } else {
        addEdge(made, tokenAt(pattern, made.begin), std::move(moved));
    }
    return made;
}

void PatternTrie::insert(const Ref<Subscription>& subscription) {
    const std::string_view pattern = subscription->subject();
    for (Node* node = root_.get();;) {
        const std::string_view token = tokenAt(pattern, node->begin);
        Link* link = find(*node, token);
        if (link == nullptr) {
            addEdge(*node, token, Link(Subscribers(subscription)));
            return;
        }
        Node* child = link->node();
        if (child == nullptr && link->subject() == pattern) {
            link->add(subscription);
            return;
        }
        if (child == nullptr) {
            child = &split(*node, token, *link);
        }
        if (endsWith(pattern, node->begin, token)) {
            child->here.add(subscription);
            return;
        }
        node = child;
    }
}

Ref<Subscription> PatternTrie::take(const Subscription& subscription) {
    const std::string_view pattern = subscription.subject();
    for (Node* node = root_.get();;) {
        const std::string_view token = tokenAt(pattern, node->begin);
        Link* link = find(*node, token);
        if (link == nullptr) {
            return {};
        }
        Node* child = link->node();
        if (child == nullptr) {
            Ref<Subscription> taken = link->take(subscription);
            if (link->empty()) {
                dropEdge(*node, token, link);
                prune(*node);
            }
            return taken;
        }
        if (endsWith(pattern, node->begin, token)) {
            Ref<Subscription> taken = child->here.take(subscription);
            prune(*child);
            return taken;
        }
        node = child;
    }
}

// Removes a node without subscribers and edges, and then perhaps those above it.
void PatternTrie::prune(Node& node) {
    Node* at = &node;
    while (at->parent != nullptr && at->edges == 0 && at->here.empty()) {
        Node* parent = at->parent;
        freeIds_.push_back(at->id);
        const std::string token = at->token;
        dropEdge(*parent, token, find(*parent, token));
        at = parent;
    }
    if (root_->edges == 0) {
        std::vector<std::uint32_t>().swap(freeIds_);
        ids_ = 1;
    }
}

void PatternTrie::match(std::string_view subject, MatchBuilder& found) {
    if (root_->edges == 0) {
        return;
    }
    steps_.push_back({root_.get(), 0});
    while (!steps_.empty()) {
        const Step step = steps_.back();
        steps_.pop_back();
        const Node& node = *step.node;
        if (node.tail) {
            found.add(*find(node, ">"));
        }
        const std::string_view token = tokenAt(subject, step.begin);
        const std::size_t end = step.begin + token.size();
        if (node.star) {
            follow(node, "*", subject, end, found);
        }
        // As text, these two match no token of a pattern (CP-134).
        if (token != "*" && token != ">") {
            follow(node, token, subject, end, found);
        }
    }
}

// `end` is where the subject's token ends that this edge stands for.
void PatternTrie::follow(const Node& node, std::string_view token, std::string_view subject,
                         std::size_t end, MatchBuilder& found) {
    const Link* link = find(node, token);
    if (link == nullptr) {
        return;
    }
    if (const Node* child = link->node()) {
        if (end == subject.size()) {
            found.add(child->here);
        } else {
            steps_.push_back({child, end + 1});
        }
        return;
    }
    const std::string_view pattern = link->subject();
    const std::size_t patternEnd = node.begin + token.size();
    const bool more = end < subject.size();
    if (more == (patternEnd < pattern.size()) &&
        (!more || matches(pattern.substr(patternEnd + 1), subject.substr(end + 1)))) {
        found.add(*link);
    }
}

}  // namespace gnatsd::kernel
