#include "transports/reactor/ReactorPool.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace gnatsd::reactor {

ReactorPool::ReactorPool(unsigned count, PollerKind kind, kernel::Log& log, Placement placement)
    : placement_(placement) {
    if (count == 0) {
        count = std::max(1U, std::thread::hardware_concurrency());
    }
    for (unsigned i = 0; i < count; ++i) {
        reactors_.push_back(std::make_unique<Reactor>(i, kind, log));
    }
}

ReactorPool::~ReactorPool() {
    stop(std::chrono::milliseconds{0});
}

void ReactorPool::disableMatchCaches() noexcept {
    for (const auto& reactor : reactors_) {
        reactor->shard().cache.disable();
    }
}

void ReactorPool::start() {
    for (const auto& reactor : reactors_) {
        std::vector<Reactor*> peers;
        for (const auto& other : reactors_) {
            if (other != reactor && placement_ != Placement::spread) {
                peers.push_back(other.get());
            }
        }
        reactor->setPeers(std::move(peers));
        if (placement_ == Placement::wandering) {
            reactor->setWandering();
        }
    }
    for (const auto& reactor : reactors_) {
        reactor->start();
    }
}

void ReactorPool::stop(std::chrono::milliseconds grace) {
    // A connection that left before this is in its new reactor's mailbox, before the stop.
    for (const auto& reactor : reactors_) {
        reactor->settle();
    }
    for (const auto& reactor : reactors_) {
        reactor->beginStop(grace);
    }
    for (const auto& reactor : reactors_) {
        reactor->join();
    }
}

Reactor& ReactorPool::pick() noexcept {
    if (placement_ != Placement::packed) {
        return *reactors_[next_.fetch_add(1) % reactors_.size()];
    }
    Reactor* idlest = reactors_.front().get();
    for (const auto& reactor : reactors_) {
        if (!reactor->full()) {
            return *reactor;
        }
        if (reactor->load() < idlest->load()) {
            idlest = reactor.get();
        }
    }
    return *idlest;
}

void ReactorPool::announceChange() {
    for (const auto& reactor : reactors_) {
        reactor->announceChange();
    }
}

void ReactorPool::retire(std::size_t count, kernel::CloseReason reason) {
    const auto budget = std::make_shared<std::atomic<std::size_t>>(count);
    for (const auto& reactor : reactors_) {
        reactor->retire(budget, reason);
    }
}

std::size_t ReactorPool::connections() const noexcept {
    std::size_t sum = 0;
    for (const auto& reactor : reactors_) {
        sum += reactor->connections();
    }
    return sum;
}

}  // namespace gnatsd::reactor
