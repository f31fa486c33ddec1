#include "tests/bench/Responder.h"

#include <exception>

namespace gnatsd::bench {

Responder::Responder(const Options& options, std::size_t number, RunState& state)
    : state_(state),
      client_(options.server, "gnatsd-bench responder " + std::to_string(number)),
      inbox_(client_, "responder " + std::to_string(number), options.size) {
    // In one queue group, so that each request gets one reply however many responders there are.
    client_.sendAll("SUB " + options.subject + " bench 1\r\n");
    client_.roundTrip();
    poller_.add(client_.fd(), EPOLLIN, 0);
}

void Responder::reply(const Frame& frame) {
    out_.append("PUB ").append(frame.reply).append(" ");
    out_.append(std::to_string(frame.size)).append("\r\n");
    out_.append(frame.payload, frame.size).append("\r\n");
}

void Responder::run() noexcept {
    try {
        while (!stopped_.load()) {
            if (!poller_.wait(std::chrono::nanoseconds(-1)).empty()) {
                inbox_.read([this](const Frame& frame) { reply(frame); });
                client_.sendAll(out_);
                out_.clear();
            }
        }
    } catch (const std::exception& error) {
        state_.fail(error.what());
    }
}

void Responder::stop() {
    stopped_.store(true);
    poller_.wake();
}

}  // namespace gnatsd::bench
