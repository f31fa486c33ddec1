// Inbox: reads whole messages from a client and hands them to a function; answers PINGs.
//
// For request and reply, where each message is looked at in full.
// Threads: one at a time.

#pragma once

#include "tests/bench/Client.h"
#include "tests/bench/Error.h"
#include "tests/bench/Frame.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::bench {

class Inbox {
public:
    Inbox(Client& client, std::string label, std::size_t payloadSize)
        : client_(client),
          label_(std::move(label)),
          buffer_(std::max<std::size_t>(kSmallBuffer, 4 * payloadSize) + kSmallBuffer) {}

    /// One read; calls `handle(frame)` for each message. False when there was nothing to read.
    /// Throws ServerError when the server refuses something or leaves.
    template <typename Handle>
    bool read(const Handle& handle) {
        std::string_view got;
        const Read read = client_.receive(buffer_, got);
        if (read == Read::closed) {
            throw ServerError(label_ + ": the server closed the connection");
        }
        if (read == Read::empty) {
            return false;
        }
        while (!got.empty()) {
            const Frame frame = readFrame(got);
            if (frame.op == Op::incomplete || frame.length > got.size()) {
                break;
            }
            got.remove_prefix(frame.length);
            if (frame.op == Op::message) {
                handle(frame);
            } else if (frame.op == Op::ping) {
                client_.sendAll("PONG\r\n");
            } else if (frame.op != Op::info && frame.op != Op::ok && frame.op != Op::pong) {
                throw ServerError(label_ + ": the server says " + std::string(frame.line));
            }
        }
        client_.carry(got);
        return true;
    }

private:
    Client& client_;
    std::string label_;
    std::vector<char> buffer_;
};

}  // namespace gnatsd::bench
