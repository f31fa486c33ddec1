// raiseDescriptorLimit: every connection needs a descriptor; distributions start programs with
// 1024.

#pragma once

#include <cstdint>

namespace gnatsd::host {

/// Raises the soft limit of open descriptors to the hard one. Answers the limit that now holds;
/// where it cannot be raised or read, the start goes on with what there is.
std::uint64_t raiseDescriptorLimit() noexcept;

}  // namespace gnatsd::host
