// One publisher of the main job. It sends in batches; each batch ends with a flush, and no batch
// starts before all receivers have the one before the last, which keeps what the server has to hold
// for any of them far below max_pending.
// Threads: run() on a thread of its own; the results may be read after it.
#pragma once

#include "tests/interop/mainjob/Plan.h"
#include "tests/interop/mainjob/Tally.h"
#include "tests/interop/support/Nats.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace gnatsd::interop::mainjob {

/// How many messages were sent, by size.
struct Sizes {
    std::uint64_t empty = 0;
    std::uint64_t oneByte = 0;
    std::uint64_t belowKibibyte = 0;
    std::uint64_t below16Kibibytes = 0;
    std::uint64_t belowLargest = 0;
    std::uint64_t largest = 0;
    std::uint64_t bytes = 0;

    void count(std::size_t size);
    Sizes& operator+=(const Sizes& other);
    std::uint64_t messages() const;
};

class Publisher {
public:
    Publisher(std::uint32_t number, const Plan& plan, std::deque<Tally>& tallies,
              Problems& problems);

    /// Sends all messages of this publisher and returns when they have been received.
    void run(const std::string& url);

    const Sizes& sizes() const { return sizes_; }
    /// The messages that the tally of this index should have got from this publisher.
    std::uint64_t expected(std::size_t tally) const { return expected_[tally]; }

private:
    void sendBatches(const Client& client);
    bool await(const std::vector<std::uint64_t>& expected);

    std::uint32_t number_;
    const Plan& plan_;
    std::deque<Tally>& tallies_;
    Problems& problems_;
    Sizes sizes_;
    std::vector<std::uint64_t> expected_;
};

}  // namespace gnatsd::interop::mainjob
