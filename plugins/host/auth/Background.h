// Background: a thread that gives way to the reactors.

#pragma once

namespace gnatsd::host::auth {

/// From now on the calling thread gets the processor when others leave it some. What the system
/// does not allow is passed over.
void giveWay() noexcept;

}  // namespace gnatsd::host::auth
