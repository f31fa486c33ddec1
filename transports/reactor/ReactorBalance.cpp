// The part of Reactor that moves connections between reactors. Which ones a busy reactor gives is
// decided in Balance.cpp.

#include "transports/reactor/Reactor.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace gnatsd::reactor {

/// One tick before the decision everybody is looked at, so that the next look says what each did in
/// one tick.
void Reactor::balance() {
    if (std::exchange(lookedAt_, true)) {
        return;
    }
    const std::vector<Candidate> candidates = lookAtAll();
    const auto coolest =
        std::min_element(peers_.begin(), peers_.end(),
                         [](const Reactor* a, const Reactor* b) { return a->load() < b->load(); });
    if (hotTicks_ < kHotTicks || (*coolest)->load() > kCool) {
        return;
    }
    hotTicks_ = 0;
    full_.store(false, std::memory_order_relaxed);
    // Taking partners apart costs both sides; with few cores their own programs need the others.
    const bool maySplit = peers_.size() >= 3;
    std::vector<std::size_t> moves = chooseMoves(candidates, maySplit);
    std::sort(moves.begin(), moves.end(), std::greater<>());
    giveAway(moves, **coolest);
}

/// Brings together again what a busy time has spread: partners on one reactor are cheaper.
void Reactor::unite() {
    calmTicks_ = 0;
    const auto room = std::find_if(peers_.begin(), peers_.end(), [this](const Reactor* peer) {
        return peer->shard_.index() < shard_.index() && peer->load() + load() < kCool;
    });
    if (room == peers_.end() || connections_.size() > kLookAtMost) {
        return;
    }
    const std::vector<Candidate> candidates = lookAtAll();
    std::vector<std::size_t> moves;
    for (std::size_t i = candidates.size(); i-- > 0;) {
        if (candidates[i].movable && candidates[i].read + candidates[i].wrote > 0) {
            moves.push_back(i);
        }
    }
    giveAway(moves, **room);
}

/// A connection whose messages come from an earlier reactor that has room moves there. Only towards
/// earlier ones: two partners must not pass each other.
void Reactor::followPublishers() {
    followTicks_ = 0;
    if (std::exchange(farBatches_, 0) < kFollowBatches || connections_.size() > kLookAtMost) {
        return;
    }
    const std::vector<Candidate> candidates = lookAtAll();
    for (Reactor* peer : peers_) {
        if (peer->shard_.index() > shard_.index() || peer->load() >= kHot) {
            continue;
        }
        std::vector<std::size_t> moves;
        for (std::size_t i = candidates.size(); i-- > 0;) {
            if (candidates[i].farFrom == peer && candidates[i].movable) {
                moves.push_back(i);
            }
        }
        if (!moves.empty()) {
            giveAway(moves, *peer);
            return;  // the indices of the others have changed; they have their turn later
        }
    }
}

void Reactor::wander() {
    if (connections_.empty() || peers_.empty()) {
        return;
    }
    const std::size_t index = shard_.random() % connections_.size();
    if (connections_[index]->look().movable) {
        giveAway({index}, *peers_[shard_.random() % peers_.size()]);
    }
}

std::vector<Candidate> Reactor::lookAtAll() {
    std::vector<Candidate> candidates;
    candidates.reserve(connections_.size());
    for (const std::unique_ptr<Connection>& connection : connections_) {
        candidates.push_back(connection->look());
    }
    return candidates;
}

/// `indices` in descending order, so that taking one out moves none of those to come.
void Reactor::giveAway(const std::vector<std::size_t>& indices, Reactor& to) {
    if (indices.empty()) {
        return;
    }
    // A function must be copyable; unique_ptrs are not.
    auto moving = std::make_shared<std::vector<std::unique_ptr<Connection>>>();
    for (const std::size_t index : indices) {
        connections_[index]->leave();
        moving->push_back(std::move(connections_[index]));
        connections_[index] = std::move(connections_.back());
        connections_.pop_back();
        if (index < connections_.size()) {
            connections_[index]->index = index;
        }
    }
    count_.fetch_sub(indices.size(), std::memory_order_relaxed);
    to.count_.fetch_add(indices.size(), std::memory_order_relaxed);
    to.post([&to, moving] {
        for (std::unique_ptr<Connection>& connection : *moving) {
            to.take(std::move(connection));
            to.connections_.back()->arrive(to);
        }
        // What a newcomer appended from elsewhere comes before what it appends here, also where
        // another publisher was asked to announce it and has not done so yet.
        for (const std::unique_ptr<Connection>& connection : to.connections_) {
            connection->flushFar();
        }
    });
}

}  // namespace gnatsd::reactor
