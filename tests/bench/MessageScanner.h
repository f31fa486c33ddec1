// MessageScanner: counts the messages in what a server sends and checks their order.
//
// The server's MSG lines are known in advance, so a message costs one comparison with the line that
// must come next; anything else goes the slow way through readFrame().
// Threads: one at a time. Throws ServerError when something is wrong with what came.

#pragma once

#include "tests/bench/OrderCheck.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::bench {

struct Subscription {
    std::string subject;
    std::string sid;
};

class MessageScanner {
public:
    MessageScanner(OrderCheck order, std::string label);

    /// Tells which messages to expect in turn, all of one size. Optional.
    /// Requires: subjects of one length, and sids.
    void predict(const std::vector<Subscription>& messages, std::size_t payloadSize);

    /// Answers the rest that is half an operation; it belongs in front of the next input.
    std::string_view scan(std::string_view input);

    std::uint64_t received() const { return received_; }
    const OrderCheck& order() const { return order_; }
    const std::string& label() const { return label_; }

    /// PINGs and PONGs since the last call.
    unsigned takePings() { return std::exchange(pings_, 0); }
    unsigned takePongs() { return std::exchange(pongs_, 0); }

private:
    const char* scanPredicted(const char* at, const char* end);
    std::size_t scanMessage(std::string_view input, std::size_t lineLength, std::size_t size);
    void check(std::uint64_t word);

    OrderCheck order_;
    const std::string label_;

    // Lines of equal length, one behind the other.
    std::string lines_;
    std::size_t lineLength_ = 0;
    std::size_t payloadSize_ = 0;
    std::size_t lineOffset_ = 0;

    // Bytes of the message at hand that need no look.
    std::size_t skip_ = 0;
    unsigned pings_ = 0;
    unsigned pongs_ = 0;
    std::uint64_t received_ = 0;
};

}  // namespace gnatsd::bench
