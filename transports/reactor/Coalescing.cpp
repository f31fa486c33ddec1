#include "transports/reactor/Coalescing.h"

#include <algorithm>

namespace gnatsd::reactor {

void Coalescing::begin(Nanos now) noexcept {
    if (phase_ != Phase::resting) {
        enter(Phase::measuring, now, kMeasure);
    }
}

Coalescing::Nanos Coalescing::afterRead(std::size_t read, Nanos now) noexcept {
    bytes_ += read;
    if (now >= until_) {
        judge(now);
    }
    return wait();
}

void Coalescing::judge(Nanos now) noexcept {
    const auto rate = static_cast<float>(bytes_) /
                      static_cast<float>(std::max<Nanos::rep>((now - since_).count(), 1));
    switch (phase_) {
        case Phase::measuring:
            shortRate_ = rate;
            enter(Phase::trying, now, kTrial);
            break;
        case Phase::trying:
            if (rate > shortRate_ * kGain) {
                rest_ = kFirstRest;
                enter(Phase::measuring, now, kMeasure);
            } else {
                enter(Phase::resting, now, rest_);
                rest_ = std::min(rest_ * 4, kLongestRest);
            }
            break;
        case Phase::resting:
            enter(Phase::measuring, now, kMeasure);
            break;
    }
}

void Coalescing::enter(Phase phase, Nanos now, Nanos time) noexcept {
    phase_ = phase;
    since_ = now;
    until_ = now + time;
    bytes_ = 0;
}

}  // namespace gnatsd::reactor
