// Counters: what a reactor counted; summed up by the monitor.
//
// Threads: written by one thread, read by any (relaxed: each number is true on its own).

#pragma once

#include <atomic>
#include <cstdint>

namespace gnatsd::kernel {

/// A number with one writer: adding costs no locked instruction.
class Counter {
public:
    void add(std::uint64_t n) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

struct Counters {
    Counter inMessages;
    Counter inBytes;  // payload bytes, headers included
    Counter outMessages;
    Counter outBytes;
    Counter slowConsumers;
    Counter publishHolds;  // how often a publisher had to wait because of its user's rate
};

}  // namespace gnatsd::kernel
