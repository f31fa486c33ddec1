#include "transports/reactor/Reactor.h"

#include "kernel/Check.h"

#include <algorithm>
#include <functional>
#include <future>
#include <utility>

namespace gnatsd::reactor {

using namespace std::chrono_literals;

Reactor::Reactor(unsigned index, PollerKind kind, kernel::Log& log)
    : log_(log),
      shard_(index, *this),
      poller_(makePoller(kind)),
      timers_(Clock::now()),
      buffer_(new char[ReadPolicy::kLargest]),
      events_(Poller::kBatch),
      measuredFrom_(Clock::now()) {
    poller_->add(wakeup_.fd(), wakeup_, {true, false});
}

Reactor::~Reactor() {
    GNATSD_CHECK(!thread_.joinable());
    poller_->remove(wakeup_.fd());
}

void Reactor::start() {
    thread_ = std::thread([this] { run(); });
}

void Reactor::beginStop(std::chrono::milliseconds grace) {
    post([this, grace] {
        stopping_ = true;
        stopBy_ = Clock::now() + grace;
        closeAll();
    });
}

void Reactor::join() {
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Reactor::settle() {
    if (!thread_.joinable()) {
        return;
    }
    std::promise<void> done;
    post([this, &done] {
        peers_.clear();
        done.set_value();
    });
    done.get_future().wait();
}

void Reactor::flushSoon(std::vector<kernel::Ref<kernel::Outbox>>& outboxes) {
    Mail mail;
    mail.outboxes.swap(outboxes);
    if (mailbox_.put(std::move(mail))) {
        wakeup_.signal();
    }
}

void Reactor::post(std::function<void()> task) {
    if (mailbox_.put({{}, std::move(task)})) {
        wakeup_.signal();
    }
}

void Reactor::adopt(ConnectionSeed seed) {
    count_.fetch_add(1, std::memory_order_relaxed);
    // A function must be copyable; the seed is not.
    auto shared = std::make_shared<ConnectionSeed>(std::move(seed));
    post([this, shared] {
        if (stopping_) {
            count_.fetch_sub(1, std::memory_order_relaxed);
            return;
        }
        take(std::make_unique<Connection>(*this, std::move(*shared)));
        connections_.back()->open();
    });
}

void Reactor::announceChange() {
    post([this] {
        for (const std::unique_ptr<Connection>& connection : connections_) {
            connection->onChange();
        }
    });
}

void Reactor::retire(std::shared_ptr<std::atomic<std::size_t>> budget, kernel::CloseReason reason) {
    post([this, budget = std::move(budget), reason] { retireSome(*budget, reason); });
}

void Reactor::retireSome(std::atomic<std::size_t>& budget, kernel::CloseReason reason) {
    const std::size_t count = connections_.size();
    const std::size_t first = count == 0 ? 0 : shard_.random() % count;
    for (std::size_t i = 0; i < count; ++i) {
        // Taken before it is used, because others use the same budget.
        std::size_t left = budget.load();
        while (left > 0 && !budget.compare_exchange_weak(left, left - 1)) {
        }
        if (left == 0) {
            return;
        }
        Connection& connection = *connections_[(first + i) % count];
        if (connection.closing() || !connection.protocol().retire(reason)) {
            budget.fetch_add(1);
        }
    }
}

void Reactor::take(std::unique_ptr<Connection> connection) {
    connection->index = connections_.size();
    connections_.push_back(std::move(connection));
}

void Reactor::run() noexcept {
    while (!stopping_ || (!connections_.empty() && Clock::now() < stopBy_)) {
        turn();
    }
    // What did not take its last output in time is cut.
    finishing_.clear();
    dead_.clear();
    held_.clear();
    connections_.clear();
    count_.store(0, std::memory_order_relaxed);
}

void Reactor::turn() {
    const Clock::time_point before = Clock::now();
    const std::size_t count = poller_->wait(events_.data(), timeout());
    shard_.now = Clock::now();
    measure(before, shard_.now);
    handshakes_ = 0;
    comers_ = 0;
    for (std::size_t i = 0; i < count; ++i) {
        events_[i].who->onReady(events_[i]);
    }
    readMail();
    endHolds();
    timers_.advance(shard_.now, kTimersAtOnce);
    flushAll();
    finishConnections();
    if (wandering_) [[unlikely]] {
        if (count > 1 || (count == 1 && events_[0].who != &wakeup_)) {
            wander();
        }
        return;
    }
    if (hotTicks_ >= kHotTicks - 1 && !peers_.empty()) [[unlikely]] {
        balance();
    } else if (calmTicks_ >= kCalmTicks) [[unlikely]] {
        unite();
    } else if (followTicks_ >= kFollowTicks) [[unlikely]] {
        followPublishers();
    }
}

std::chrono::nanoseconds Reactor::timeout() const {
    std::chrono::nanoseconds wait = timers_.untilNext(Clock::now());
    const auto sooner = [&wait](std::chrono::nanoseconds other) {
        other = std::max(other, std::chrono::nanoseconds{0});
        wait = wait.count() < 0 ? other : std::min(wait, other);
    };
    if (load() > 0) {
        sooner(100ms);  // so that the load of a reactor without events falls
    }
    if (!held_.empty()) {
        Clock::time_point first = Clock::time_point::max();
        for (const Connection* connection : held_) {
            first = std::min(first, connection->heldUntil());
        }
        sooner(first - Clock::now());
    }
    if (stopping_) {
        sooner(stopBy_ - Clock::now());
    }
    return wait;
}

void Reactor::readMail() {
    mailbox_.takeAll(mails_);
    for (Mail& mail : mails_) {
        farBatches_ += mail.outboxes.empty() ? 0 : 1;
        for (const kernel::Ref<kernel::Outbox>& outbox : mail.outboxes) {
            kernel::Shard* owner = outbox->owner();
            if (owner == &shard_) {
                shard_.markDirty(*outbox);
            } else if (owner != nullptr) {
                shard_.markFar(*outbox);  // it moved meanwhile
            }
        }
        if (mail.task) {
            mail.task();
        }
    }
    mails_.clear();
}

void Reactor::endHolds() {
    if (held_.empty()) {
        return;
    }
    // endHold() may enter the connection again.
    std::vector<Connection*> due;
    for (std::size_t i = 0; i < held_.size();) {
        if (held_[i]->heldUntil() <= shard_.now) {
            due.push_back(held_[i]);
            held_[i] = held_.back();
            held_.pop_back();
        } else {
            ++i;
        }
    }
    for (Connection* connection : due) {
        connection->endHold();
    }
}

void Reactor::unhold(Connection& connection) noexcept {
    std::erase(held_, &connection);
}

void Reactor::finishConnections() {
    while (!finishing_.empty()) {
        Connection* connection = finishing_.back();
        finishing_.pop_back();
        connection->finish();
    }
    for (Connection* connection : dead_) {
        const std::size_t at = connection->index;
        std::swap(connections_[at], connections_.back());
        connections_[at]->index = at;
        connections_.pop_back();
        count_.fetch_sub(1, std::memory_order_relaxed);
    }
    dead_.clear();
}

void Reactor::measure(Clock::time_point before, Clock::time_point after) {
    const Clock::duration total = after - measuredFrom_;
    busy_ -= after - before;
    // A window that was mostly idle ends early, so that who wakes up knows that it is not busy.
    if (total >= 100ms || (total >= 20ms && -busy_ * 2 > total)) {
        const auto share = 1000 * (total + busy_).count() / total.count();
        load_.store(static_cast<std::uint32_t>(std::clamp<std::int64_t>(share, 0, 1000)),
                    std::memory_order_relaxed);
        measuredFrom_ = after;
        busy_ = {};
        hotTicks_ = load() > kHot ? hotTicks_ + 1 : 0;
        calmTicks_ = load() < kCool && shard_.index() > 0 ? calmTicks_ + 1 : 0;
        full_.store(hotTicks_ >= kHotTicks, std::memory_order_relaxed);
        followTicks_ = shard_.index() > 0 ? followTicks_ + 1 : 0;
        lookedAt_ = false;
        if (load() < 100) {
            shard_.pool.trim(std::size_t{256} * 1024);
        }
    }
}

void Reactor::closeAll() {
    for (const std::unique_ptr<Connection>& connection : connections_) {
        connection->close(kernel::CloseReason::serverShutdown);
    }
}

}  // namespace gnatsd::reactor
