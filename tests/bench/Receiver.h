// Receiver: one connection with subscriptions; tells its group how many messages it has.
//
// Threads: one at a time: its loop's, and before and after the loop the one that steers the run.

#pragma once

#include "tests/bench/Client.h"
#include "tests/bench/Group.h"
#include "tests/bench/MessageScanner.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::bench {

class Receiver {
public:
    Receiver(Client client, Group& group, std::size_t index, OrderCheck order, std::string label);

    /// Subscribes and waits until the server has done so. Throws ServerError.
    void subscribe(const std::vector<Subscription>& subscriptions, std::string_view queue);

    void predict(const std::vector<Subscription>& messages, std::size_t payloadSize) {
        scanner_.predict(messages, payloadSize);
    }

    int fd() const { return client_.fd(); }
    std::uint64_t received() const { return scanner_.received(); }
    const OrderCheck& order() const { return scanner_.order(); }
    const std::string& label() const { return scanner_.label(); }

    /// One read. Throws ServerError when something is wrong with what came.
    void onReadable(std::span<char> buffer);

    /// Waits for the PONG to a PING, so that whatever the server still had for us is counted.
    void drain(std::span<char> buffer);

private:
    Client client_;
    Group& group_;
    const std::size_t index_;
    MessageScanner scanner_;
};

}  // namespace gnatsd::bench
