// Responder: answers each request with its own payload.
//
// Threads: run() on its own thread, stop() from any.

#pragma once

#include "tests/bench/Client.h"
#include "tests/bench/Inbox.h"
#include "tests/bench/Options.h"
#include "tests/bench/Poller.h"
#include "tests/bench/RunState.h"

#include <atomic>
#include <string>

namespace gnatsd::bench {

class Responder {
public:
    Responder(const Options& options, std::size_t number, RunState& state);

    void run() noexcept;
    void stop();

private:
    void reply(const Frame& frame);

    RunState& state_;
    Client client_;
    Inbox inbox_;
    Poller poller_;
    std::string out_;
    std::atomic<bool> stopped_{false};
};

}  // namespace gnatsd::bench
