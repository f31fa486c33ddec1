// Limits: what one connection and the whole broker may use (CP-160 to CP-173).
//
// Shape: plain values; sizes in bytes, 0 in a count means unlimited.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gnatsd::kernel {

struct Limits {
    std::size_t maxControlLine = 4096;                // CP-161: arguments of one control line
    std::size_t maxPayload = 1024 * 1024;             // CP-44
    std::uint32_t maxConnections = 65536;             // CP-164
    std::uint32_t maxSubscriptions = 0;               // CP-170, per connection
    std::uint32_t maxSubscriptionTokens = 0;          // CP-171
    std::size_t maxPending = 64 * 1024 * 1024;        // CP-166, per connection
    std::chrono::milliseconds writeDeadline{10'000};  // CP-168
    std::chrono::milliseconds pingInterval{120'000};  // CP-172
    std::uint32_t pingMax = 2;                        // CP-172
    std::chrono::milliseconds authTimeout{2'000};     // CP-173
    std::size_t maxTracedMessage = 0;                 // OPT-154: payload bytes in trace lines

    bool operator==(const Limits&) const = default;
};

}  // namespace gnatsd::kernel
