#include "kernel/SubjectFilter.h"

#include <bit>

namespace gnatsd::kernel {

SubjectFilter::SubjectFilter(const std::vector<std::string>& patterns) {
    if (patterns.empty()) {
        return;
    }
    std::size_t tokens = 0;
    for (const std::string& pattern : patterns) {
        tokens += tokenCount(pattern);
    }
    table_.resize(std::bit_ceil(tokens * 2));
    nodes_.emplace_back();
    for (const std::string& pattern : patterns) {
        add(pattern);
    }
}

void SubjectFilter::add(std::string_view pattern) {
    std::uint32_t at = 0;
    Tokens tokens(pattern);
    for (std::string_view token; tokens.next(token);) {
        if (token == ">") {
            nodes_[at].tail = true;
            return;
        }
        at = follow(at, token);
    }
    nodes_[at].ends = true;
}

/// The node behind a token, made if it is not there yet.
std::uint32_t SubjectFilter::follow(std::uint32_t from, std::string_view token) {
    const auto added = static_cast<std::uint32_t>(nodes_.size());
    if (token == "*") {
        if (nodes_[from].any == 0) {
            nodes_[from].any = added;
            nodes_.emplace_back();
        }
        return nodes_[from].any;
    }
    if (const Edge* edge = find(from, token); edge != nullptr) {
        return edge->to;
    }
    edges_.push_back({std::string(token), from, added, nodes_[from].edges});
    nodes_[from].edges = static_cast<std::uint32_t>(edges_.size());
    nodes_.emplace_back();
    std::size_t i = home(from, token);
    while (table_[i] != 0) {
        i = (i + 1) & (table_.size() - 1);
    }
    table_[i] = static_cast<std::uint32_t>(edges_.size());
    return added;
}

std::size_t SubjectFilter::home(std::uint32_t from, std::string_view token) const noexcept {
    return hashBytes(token, from) & (table_.size() - 1);
}

const SubjectFilter::Edge* SubjectFilter::find(std::uint32_t from,
                                               std::string_view token) const noexcept {
    for (std::size_t i = home(from, token); table_[i] != 0; i = (i + 1) & (table_.size() - 1)) {
        const Edge& edge = edges_[table_[i] - 1];
        if (edge.from == from && edge.token == token) {
            return &edge;
        }
    }
    return nullptr;
}

// Calls itself only where there are two ways to go: a long pattern alone needs no stack.
template <SubjectFilter::Ask kind>
bool SubjectFilter::walk(std::uint32_t at, Tokens rest) const noexcept {
    for (std::string_view token; rest.next(token);) {
        const Node& node = nodes_[at];
        if (node.tail) {
            return true;
        }
        if (kind != Ask::matches && token == ">") {  // covered by nothing but a `>` (AU-37)
            return kind == Ask::overlaps && (node.any != 0 || node.edges != 0);
        }
        if (kind == Ask::overlaps && token == "*") {
            if (onlyOneWay(node)) {
                at = edges_[node.edges - 1].to;
                continue;
            }
            for (std::uint32_t i = node.edges; i != 0; i = edges_[i - 1].next) {
                if (walk<kind>(edges_[i - 1].to, rest)) {
                    return true;
                }
            }
        } else if (const Edge* edge = node.edges == 0 ? nullptr : find(at, token)) {
            if (node.any == 0) {
                at = edge->to;
                continue;
            }
            if (walk<kind>(edge->to, rest)) {
                return true;
            }
        }
        if (node.any == 0) {
            return false;
        }
        at = node.any;
    }
    return nodes_[at].ends;
}

template bool SubjectFilter::walk<SubjectFilter::Ask::matches>(std::uint32_t,
                                                               Tokens) const noexcept;
template bool SubjectFilter::walk<SubjectFilter::Ask::covers>(std::uint32_t, Tokens) const noexcept;
template bool SubjectFilter::walk<SubjectFilter::Ask::overlaps>(std::uint32_t,
                                                                Tokens) const noexcept;

}  // namespace gnatsd::kernel
