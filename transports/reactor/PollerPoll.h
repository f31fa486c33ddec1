// The portable Poller over poll(2).

#pragma once

#include "transports/reactor/Poller.h"

#include <memory>

namespace gnatsd::reactor {

std::unique_ptr<Poller> makePollerPoll();

}  // namespace gnatsd::reactor
