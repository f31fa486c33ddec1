#include "tests/bench/Histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gnatsd::bench {

namespace {

// Each power of two above the first is cut into 128 buckets.
constexpr unsigned kCutBits = 7;
constexpr std::uint64_t kCut = 1 << kCutBits;
constexpr unsigned kPowers = 40;

std::size_t bucketOf(std::uint64_t value) {
    if (value < 2 * kCut) {
        return value;
    }
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kCutBits;
    return (shift * kCut) + (value >> shift);
}

std::uint64_t upperEnd(std::size_t bucket) {
    if (bucket < 2 * kCut) {
        return bucket;
    }
    const std::size_t shift = bucket / kCut - 1;
    return ((bucket - shift * kCut + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_((kPowers + 2) * kCut, 0) {}

void Histogram::record(std::chrono::nanoseconds duration) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
    ++buckets_[std::min(bucketOf(value), buckets_.size() - 1)];
    ++count_;
    max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) {
    std::transform(buckets_.begin(), buckets_.end(), other.buckets_.begin(), buckets_.begin(),
                   std::plus<>());
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds Histogram::percentile(double percent) const {
    const auto rank = static_cast<std::uint64_t>(
        std::ceil(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(count_)));
    std::uint64_t below = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        below += buckets_[bucket];
        if (below >= rank && below != 0) {
            return std::chrono::nanoseconds(std::min(upperEnd(bucket), max_));
        }
    }
    return std::chrono::nanoseconds(0);
}

}  // namespace gnatsd::bench
