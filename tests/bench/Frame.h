// Frame: one operation a server sent, found in a buffer. Views point into that buffer.
//
// Cost: a memchr for the end of the line and a walk over a MSG line; payloads are jumped over.

#pragma once

#include <cstddef>
#include <string_view>

namespace gnatsd::bench {

enum class Op { incomplete, message, ping, pong, info, ok, err, unknown };

struct Frame {
    Op op = Op::incomplete;
    /// Of a message only.
    std::string_view subject;
    std::string_view sid;
    std::string_view reply;
    const char* payload = nullptr;
    std::size_t size = 0;
    /// The line without its end: the text of -ERR, or what was not understood.
    std::string_view line;
    /// Bytes of the whole operation; of a message also when its payload is not all there yet.
    std::size_t length = 0;
};

/// Reads the operation at the front of `input`.
Frame readFrame(std::string_view input) noexcept;

}  // namespace gnatsd::bench
