#include "tests/bench/Receiver.h"

#include "tests/bench/Error.h"

#include <utility>

namespace gnatsd::bench {

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kSubscribeBatch = 256 * 1024;

}  // namespace

Receiver::Receiver(Client client, Group& group, std::size_t index, OrderCheck order,
                   std::string label)
    : client_(std::move(client)),
      group_(group),
      index_(index),
      scanner_(std::move(order), std::move(label)) {}

void Receiver::subscribe(const std::vector<Subscription>& subscriptions, std::string_view queue) {
    std::string bytes;
    for (const Subscription& subscription : subscriptions) {
        bytes.append("SUB ").append(subscription.subject).append(" ");
        if (!queue.empty()) {
            bytes.append(queue).append(" ");
        }
        bytes.append(subscription.sid).append("\r\n");
        if (bytes.size() > kSubscribeBatch) {
            client_.sendAll(bytes);
            bytes.clear();
        }
    }
    client_.sendAll(bytes);
    client_.roundTrip();
}

void Receiver::onReadable(std::span<char> buffer) {
    std::string_view got;
    const Read read = client_.receive(buffer, got);
    if (read == Read::closed) {
        throw ServerError(label() + ": the server closed the connection after " +
                          std::to_string(received()) + " messages");
    }
    if (read == Read::empty) {
        return;
    }
    client_.carry(scanner_.scan(got));
    for (unsigned pings = scanner_.takePings(); pings != 0; --pings) {
        client_.sendAll("PONG\r\n");
    }
    group_.setReceived(index_, received());
}

void Receiver::drain(std::span<char> buffer) {
    scanner_.takePongs();
    client_.sendAll("PING\r\n");
    const auto deadline = Clock::now() + kPatience;
    while (scanner_.takePongs() == 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || !client_.waitReadable(left)) {
            throw ServerError(label() + ": no PONG from the server in time");
        }
        onReadable(buffer);
    }
}

}  // namespace gnatsd::bench
