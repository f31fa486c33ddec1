// Random: bytes that nobody can guess, from the operating system: seeds, nonces, keys.
//
// Threads: any.
// Errors: ends the program when the system has none, which is only so before it is set up.
// Cost: one system call. Not std::random_device, whose constructor asks what the processor can do,
// which takes longer in a virtual machine than all else that is done for a connection.

#pragma once

#include <cstdint>
#include <span>

namespace gnatsd::kernel {

/// Requires: at most 256 bytes.
void fillRandom(std::span<std::uint8_t> bytes) noexcept;

std::uint64_t randomSeed() noexcept;

}  // namespace gnatsd::kernel
