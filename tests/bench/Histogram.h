// Histogram: durations from 1 ns to minutes, counted in buckets less than 1 % wide.
//
// Threads: one at a time; each thread fills its own, merge() joins them.

#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace gnatsd::bench {

class Histogram {
public:
    Histogram();

    void record(std::chrono::nanoseconds duration);
    void merge(const Histogram& other);

    std::uint64_t count() const { return count_; }
    /// The upper end of the bucket below or at which `percent` of the durations lie; exact for the
    /// largest. 0 when there are none.
    std::chrono::nanoseconds percentile(double percent) const;
    std::chrono::nanoseconds max() const { return std::chrono::nanoseconds(max_); }

private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace gnatsd::bench
