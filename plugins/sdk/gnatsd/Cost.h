// Cost: what a check takes. Cheap checks have threads of their own, so that they never wait behind
// those that compute or ask another machine.
//
// Threads: a value.

#pragma once

#include <cstdint>

namespace gnatsd::sdk {

enum class Cost : std::uint8_t {
    fast,  // microseconds: compares, looks up in memory
    slow,  // milliseconds and more: hashes passwords, asks somebody
};

}  // namespace gnatsd::sdk
