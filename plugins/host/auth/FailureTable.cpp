#include "plugins/host/auth/FailureTable.h"

#include <algorithm>

namespace gnatsd::host::auth {

using std::chrono::milliseconds;

std::optional<milliseconds> FailureTable::enter(const std::string& source, Clock::time_point now) {
    const kernel::MutexLock lock(mutex_);
    const auto found = sources_.find(source);
    if (found == sources_.end()) {
        return milliseconds(0);
    }
    forget(found->second, now);
    if (found->second.failures <= kFree) {
        return milliseconds(0);
    }
    if (found->second.waiting >= kWaiting) {
        return std::nullopt;
    }
    ++found->second.waiting;
    const unsigned doublings = std::min(found->second.failures - kFree - 1, 16U);
    return std::min(kFirstDelay * (1U << doublings), kLongestDelay);
}

void FailureTable::leave(const std::string& source) {
    const kernel::MutexLock lock(mutex_);
    const auto found = sources_.find(source);
    if (found != sources_.end() && found->second.waiting > 0) {
        --found->second.waiting;
    }
}

void FailureTable::failed(const std::string& source, Clock::time_point now) {
    // So that the delay ends some time after the last failure, however many there were.
    constexpr unsigned kMost = kFree + 20;
    const kernel::MutexLock lock(mutex_);
    if (sources_.size() >= kMostAddresses && !sources_.contains(source)) {
        makeRoom(now);
    }
    const auto [place, isNew] = sources_.try_emplace(source);
    if (isNew) {
        place->second.counted = now;
    }
    forget(place->second, now);
    place->second.failures = std::min(place->second.failures + 1, kMost);
}

void FailureTable::forget(Source& source, Clock::time_point now) {
    const auto steps = (now - source.counted) / kForgetOne;
    if (steps > 0) {
        source.counted += steps * kForgetOne;
        source.failures -= static_cast<unsigned>(
            std::min(static_cast<long long>(steps), static_cast<long long>(source.failures)));
    }
}

void FailureTable::makeRoom(Clock::time_point now) {
    for (auto& [name, source] : sources_) {
        forget(source, now);
    }
    std::erase_if(sources_, [](const auto& one) {
        return one.second.failures == 0 && one.second.waiting == 0;
    });
    if (sources_.size() >= kMostAddresses) {
        sources_.erase(sources_.begin());
    }
}

}  // namespace gnatsd::host::auth
