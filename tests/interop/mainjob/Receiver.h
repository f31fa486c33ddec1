// One subscription of the main job: checks identity, place, order and content of what comes.
// Threads: the library calls receive() on the subscription's own thread; the rest is of the test's.
// Lifetime: outlives its connection.
#pragma once

#include "tests/interop/mainjob/Plan.h"
#include "tests/interop/mainjob/Tally.h"
#include "tests/interop/support/Nats.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace gnatsd::interop::mainjob {

class Receiver {
public:
    Receiver(const Plan& plan, Tally& tally, Problems& problems);

    /// Subscribes to the tally's pattern, in the queue group unless its name is empty.
    void subscribe(const Client& client, const std::string& queue);

    std::uint64_t received() const { return received_; }
    std::uint64_t bytes() const { return bytes_; }

private:
    static void receive(natsConnection*, natsSubscription*, natsMsg* message, void* self);
    void check(const Message& message);

    const Plan& plan_;
    Tally& tally_;
    Problems& problems_;
    Subscription subscription_;
    std::array<std::uint64_t, kPublishers> next_{};  // The least sequence that may follow.
    std::atomic<std::uint64_t> received_ = 0;
    std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace gnatsd::interop::mainjob
