#include "transports/reactor/Balance.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace gnatsd::reactor {

namespace {

struct Group {
    std::uint64_t work = 0;
    bool movable = true;
    std::vector<std::size_t> members;
};

/// Sets of connections that are linked by messages, directly or through others.
class Partners {
public:
    explicit Partners(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }

    std::size_t find(std::size_t i) {
        while (parent_[i] != i) {
            parent_[i] = parent_[parent_[i]];
            i = parent_[i];
        }
        return i;
    }
    void join(std::size_t a, std::size_t b) { parent_[find(a)] = find(b); }

private:
    std::vector<std::size_t> parent_;
};

std::vector<Group> groupsOf(std::span<const Candidate> candidates) {
    std::unordered_map<const void*, std::size_t> bySelf;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        bySelf.emplace(candidates[i].self, i);
    }
    Partners partners(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (const auto partner = bySelf.find(candidates[i].partner); partner != bySelf.end()) {
            partners.join(i, partner->second);
        }
    }
    std::unordered_map<std::size_t, Group> byRoot;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        Group& group = byRoot[partners.find(i)];
        group.work += candidates[i].read + candidates[i].wrote;
        group.movable &= candidates[i].movable;
        group.members.push_back(i);
    }
    std::vector<Group> groups;
    for (auto& [root, group] : byRoot) {
        if (group.work > 0) {
            groups.push_back(std::move(group));
        }
    }
    return groups;
}

/// Some of the publishers of one group, largest first, up to half of what is published in it.
std::vector<std::size_t> splitGroup(std::span<const Candidate> candidates, const Group& group) {
    std::vector<std::size_t> publishers;
    std::uint64_t total = 0;
    for (const std::size_t i : group.members) {
        if (candidates[i].read > 0) {
            publishers.push_back(i);
            total += candidates[i].read;
        }
    }
    std::sort(publishers.begin(), publishers.end(), [&](std::size_t a, std::size_t b) {
        return candidates[a].read > candidates[b].read;
    });
    std::vector<std::size_t> moves;
    std::uint64_t moved = 0;
    for (const std::size_t i : publishers) {
        if (candidates[i].movable && (moved + candidates[i].read) * 2 <= total) {
            moved += candidates[i].read;
            moves.push_back(i);
        }
    }
    return moves;
}

}  // namespace

std::vector<std::size_t> chooseMoves(std::span<const Candidate> candidates, bool maySplit) {
    std::vector<Group> groups = groupsOf(candidates);
    std::uint64_t total = 0;
    for (const Group& group : groups) {
        total += group.work;
    }
    std::sort(groups.begin(), groups.end(),
              [](const Group& a, const Group& b) { return a.work > b.work; });
    // The rest of a dominating group is not worth a move.
    constexpr std::uint64_t kDominates = 9;  // tenths
    if (groups.size() < 2 || groups.front().work * 10 > total * kDominates) {
        return maySplit && !groups.empty() ? splitGroup(candidates, groups.front())
                                           : std::vector<std::size_t>();
    }
    std::vector<std::size_t> moves;
    std::uint64_t moved = 0;
    for (const Group& group : groups) {
        if (group.movable && (moved + group.work) * 2 <= total) {
            moved += group.work;
            moves.insert(moves.end(), group.members.begin(), group.members.end());
        }
    }
    return moves;
}

}  // namespace gnatsd::reactor
