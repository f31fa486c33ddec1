#include "tests/bench/Loops.h"

#include <algorithm>
#include <exception>

namespace gnatsd::bench {

namespace {

constexpr std::chrono::nanoseconds kForEver{-1};
constexpr std::chrono::nanoseconds kNow{0};

// A busy publisher looks for PINGs and errors once in so many rounds.
constexpr unsigned kRoundsBetweenLooks = 64;

}  // namespace

void PublisherLoop::add(Publisher& publisher) {
    poller_.add(publisher.fd(), EPOLLIN | EPOLLOUT | EPOLLET,
                static_cast<std::uint32_t>(publishers_.size()));
    publishers_.push_back(&publisher);
}

void PublisherLoop::stop() {
    stopped_.store(true);
    poller_.wake();
}

void PublisherLoop::run() noexcept {
    try {
        runUntilStopped();
    } catch (const std::exception& error) {
        state_.fail(error.what());
    }
}

void PublisherLoop::runUntilStopped() {
    unsigned rounds = 0;
    while (!stopped_.load()) {
        const std::chrono::nanoseconds idle = pumpAll();
        if (idle != kNow) {
            serve(idle);
            rounds = 0;
        } else if (++rounds == kRoundsBetweenLooks) {
            serve(kNow);
            rounds = 0;
        }
    }
}

std::chrono::nanoseconds PublisherLoop::pumpAll() {
    bool busy = false;
    Clock::time_point due = Clock::time_point::max();
    for (Publisher* publisher : publishers_) {
        switch (publisher->pump()) {
            case Publisher::State::ready:
                busy = true;
                break;
            case Publisher::State::waitsForRoom:
                busy = busy || !publisher->group().wakeWhenRoom();
                break;
            case Publisher::State::waitsForTime:
                due = std::min(due, publisher->nextDue());
                break;
            case Publisher::State::blocked:
            case Publisher::State::finished:
                break;
        }
    }
    if (busy) {
        return kNow;
    }
    if (due == Clock::time_point::max()) {
        return kForEver;
    }
    return std::max<std::chrono::nanoseconds>(due - Clock::now(), kNow);
}

void PublisherLoop::serve(std::chrono::nanoseconds timeout) {
    for (const epoll_event& event : poller_.wait(timeout)) {
        Publisher& publisher = *publishers_[event.data.u32];
        if ((event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) {
            publisher.onReadable();
        }
        if ((event.events & EPOLLOUT) != 0) {
            publisher.onWritable();
        }
    }
}

ReceiverLoop::ReceiverLoop(RunState& state, std::size_t readSize)
    : state_(state), buffer_(readSize + kSmallBuffer) {}

void ReceiverLoop::add(Receiver& receiver) {
    poller_.add(receiver.fd(), EPOLLIN, static_cast<std::uint32_t>(receivers_.size()));
    receivers_.push_back(&receiver);
}

void ReceiverLoop::stop() {
    stopped_.store(true);
    poller_.wake();
}

void ReceiverLoop::run() noexcept {
    try {
        while (!stopped_.load()) {
            for (const epoll_event& event : poller_.wait(kForEver)) {
                receivers_[event.data.u32]->onReadable(buffer_);
            }
        }
    } catch (const std::exception& error) {
        state_.fail(error.what());
    }
}

}  // namespace gnatsd::bench
