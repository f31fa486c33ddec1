#include "tests/interop/mainjob/Publisher.h"

#include <cstddef>
#include <exception>
#include <utility>

namespace gnatsd::interop::mainjob {
namespace {

constexpr std::uint64_t kBatchMessages = 2'000;
constexpr std::size_t kBatchBytes = 1024UL * 1024;

}  // namespace

void Sizes::count(std::size_t size) {
    bytes += size;
    if (size == 0) {
        ++empty;
    } else if (size == 1) {
        ++oneByte;
    } else if (size < 1024) {
        ++belowKibibyte;
    } else if (size < 16UL * 1024) {
        ++below16Kibibytes;
    } else if (size < kLargest) {
        ++belowLargest;
    } else {
        ++largest;
    }
}

Sizes& Sizes::operator+=(const Sizes& other) {
    empty += other.empty;
    oneByte += other.oneByte;
    belowKibibyte += other.belowKibibyte;
    below16Kibibytes += other.below16Kibibytes;
    belowLargest += other.belowLargest;
    largest += other.largest;
    bytes += other.bytes;
    return *this;
}

std::uint64_t Sizes::messages() const {
    return empty + oneByte + belowKibibyte + below16Kibibytes + belowLargest + largest;
}

Publisher::Publisher(std::uint32_t number, const Plan& plan, std::deque<Tally>& tallies,
                     Problems& problems)
    : number_(number),
      plan_(plan),
      tallies_(tallies),
      problems_(problems),
      expected_(tallies.size()) {}

void Publisher::run(const std::string& url) {
    try {
        const Client client(url, [](natsOptions* options) {
            must(natsOptions_SetAllowReconnect(options, false), "no reconnect");
        });
        sendBatches(client);
    } catch (const std::exception& problem) {
        problems_.add("publisher " + std::to_string(number_) + ": " + problem.what());
    }
}

void Publisher::sendBatches(const Client& client) {
    std::string buffer(kLargest, '\0');
    std::vector<std::uint64_t> before(tallies_.size());
    std::uint64_t sequence = 0;
    while (sequence < plan_.messagesPerPublisher()) {
        std::vector<std::uint64_t> begin = expected_;
        std::size_t bytes = 0;
        for (std::uint64_t i = 0;
             i < kBatchMessages && bytes < kBatchBytes && sequence < plan_.messagesPerPublisher();
             ++i, ++sequence) {
            const Identity identity{number_, sequence};
            const Content content = plan_.content(identity);
            const std::string reply = plan_.write(identity, content, buffer.data());
            const char* subject = plan_.subject(content.subject).c_str();
            const int size = static_cast<int>(content.size);
            must(reply.empty() ? natsConnection_Publish(client.get(), subject, buffer.data(), size)
                               : natsConnection_PublishRequest(client.get(), subject, reply.c_str(),
                                                               buffer.data(), size),
                 "publish");
            sizes_.count(content.size);
            bytes += content.size;
            for (std::size_t tally = 0; tally < tallies_.size(); ++tally) {
                expected_[tally] += tallies_[tally].wants(content.subject) ? 1 : 0;
            }
        }
        client.flush();
        if (!await(before)) {
            return;
        }
        before = std::move(begin);
    }
    await(expected_);
}

bool Publisher::await(const std::vector<std::uint64_t>& expected) {
    for (std::size_t i = 0; i < tallies_.size(); ++i) {
        if (!tallies_[i].await(number_, expected[i], problems_)) {
            problems_.add("publisher " + std::to_string(number_) + " gave up waiting for " +
                          tallies_[i].name());
            return false;
        }
    }
    return true;
}

}  // namespace gnatsd::interop::mainjob
