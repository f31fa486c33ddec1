#include "plugins/host/daemon/Watchdog.h"

#include <utility>

namespace gnatsd::host {

Watchdog::Watchdog(std::chrono::microseconds timeout, Notify& notify, Probed probed,
                   std::function<void()> wakeMain)
    : interval_(timeout / 2),
      notify_(notify),
      probed_(std::move(probed)),
      wakeMain_(std::move(wakeMain)) {}

std::chrono::microseconds Watchdog::start() {
    if (interval_.count() > 0) {
        begin();
    }
    return interval_;
}

void Watchdog::begin() {
    next_ = Clock::now() + interval_;
    round_ = std::make_shared<Round>();
    round_->missing = probed_.count;
    for (std::size_t i = 0; i < probed_.count; ++i) {
        probed_.post(i, [round = round_, wakeMain = wakeMain_] {
            if (round->missing.fetch_sub(1) == 1) {
                wakeMain();
            }
        });
    }
}

void Watchdog::look() {
    if (round_ == nullptr || round_->missing != 0) {
        return;
    }
    if (!round_->told) {
        round_->told = true;
        notify_.alive();
    }
    // The tick may come a little early by this clock.
    if (Clock::now() + interval_ / 4 >= next_) {
        begin();
    }
}

}  // namespace gnatsd::host
