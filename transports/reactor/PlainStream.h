// PlainStream: a TCP socket. Owns the descriptor.

#pragma once

#include "transports/reactor/Stream.h"

namespace gnatsd::reactor {

class PlainStream final : public Stream {
public:
    /// Requires: a connected, non-blocking socket.
    explicit PlainStream(int fd) noexcept : fd_(fd) {}
    ~PlainStream() override;

    int fd() const noexcept override { return fd_; }
    IoResult read(std::span<char> first, std::span<char> second) noexcept override;
    IoResult write(std::span<const kernel::OutSpan> spans) noexcept override;
    void shutdownWrite() noexcept override;

    static constexpr std::size_t kMaxSpans = 256;

private:
    const int fd_;
};

}  // namespace gnatsd::reactor
