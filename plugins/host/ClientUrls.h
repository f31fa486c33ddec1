// clientUrls: where a client of this machine or network finds the server, for the ports file.

#pragma once

#include "kernel/Broker.h"

#include <string>
#include <vector>

namespace gnatsd::host {

/// nats://host:port of each address. A wildcard, to which nobody can connect (CLI-92), is replaced
/// by the machine's own addresses of its family, the loopback address first.
std::vector<std::string> clientUrls(const std::vector<kernel::ClientAddress>& addresses);

}  // namespace gnatsd::host
