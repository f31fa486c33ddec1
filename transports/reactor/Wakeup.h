// Wakeup: lets any thread end a reactor's wait.
//
// Threads: signal() from any, the rest on the reactor.

#pragma once

#include "transports/reactor/Poller.h"

namespace gnatsd::reactor {

class Wakeup final : public Pollable {
public:
    Wakeup();
    ~Wakeup() override;

    int fd() const noexcept { return read_; }
    void signal() noexcept;
    void onReady(const PollEvent& event) override;

private:
    int read_ = -1;
    int write_ = -1;  // the same descriptor where there is an eventfd
};

}  // namespace gnatsd::reactor
