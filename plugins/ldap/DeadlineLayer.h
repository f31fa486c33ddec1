// DeadlineLayer: between a connection of libldap and its TLS, lets nobody wait for the network
// beyond a deadline. libldap's own timeouts do not cover the TLS handshake, which a silent server
// would hold up for ever.
//
// Threads: that of the connection.

#pragma once

#include <chrono>

struct sockbuf;

namespace gnatsd::ldap {

using Clock = std::chrono::steady_clock;

/// From now on reading and writing fail behind `deadline`, which may change and outlives the
/// connection. False: there is no memory.
bool addDeadlineLayer(::sockbuf& buffer, const Clock::time_point& deadline) noexcept;

}  // namespace gnatsd::ldap
