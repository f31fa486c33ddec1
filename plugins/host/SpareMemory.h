// SpareMemory: what reading a large configuration leaves behind, given back to the system.
//
// Threads: any; other threads wait for an allocation meanwhile, some milliseconds for a large heap.

#pragma once

namespace gnatsd::host {

/// Where the C library has a way; elsewhere nothing.
void releaseSpareMemory() noexcept;

}  // namespace gnatsd::host
