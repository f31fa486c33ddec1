#include "plugins/host/LameDuck.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>

namespace gnatsd::host {

using namespace std::chrono_literals;

LameDuck::LameDuck(kernel::Broker& broker, reactor::ReactorPool& pool, kernel::Log& log,
                   Timing timing, std::function<void()> done)
    : broker_(broker), pool_(pool), log_(log), timing_(timing), done_(std::move(done)) {
    broker_.enterLameDuck();
    pool_.announceChange();
    thread_ = std::thread([this] { run(); });
}

LameDuck::~LameDuck() {
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    thread_.join();
}

void LameDuck::run() {
    const auto graceEnd = std::chrono::steady_clock::now() + timing_.grace;
    // Whoever leaves by itself is not waited for.
    while (broker_.clients() > 0 && std::chrono::steady_clock::now() < graceEnd) {
        if (!pause(std::min<std::chrono::nanoseconds>(
                100ms, graceEnd - std::chrono::steady_clock::now()))) {
            return;
        }
    }
    if (broker_.clients() > 0) {
        log_.write(kernel::Level::info, "Closing existing clients");
        closeClients(timing_.duration - timing_.grace);
    }
    if (pause(0ns)) {
        done_();
    }
}

void LameDuck::closeClients(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    const auto interval =
        std::min<std::chrono::nanoseconds>(1s, time / std::max(1U, broker_.clients()));
    std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<std::int64_t> wait(interval.count() / 2, interval.count());
    while (broker_.clients() > 0 && std::chrono::steady_clock::now() < end) {
        pool_.retire(1, kernel::CloseReason::serverShutdown);
        if (!pause(std::chrono::nanoseconds(wait(random)))) {
            return;
        }
    }
}

/// Answers whether to go on.
bool LameDuck::pause(std::chrono::nanoseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    const kernel::MutexLock lock(mutex_);
    while (!stopping_ && changed_.wait_until(mutex_, end) != std::cv_status::timeout) {
    }
    return !stopping_;
}

}  // namespace gnatsd::host
