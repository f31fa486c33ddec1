// Endpoint: where a server is and who we say we are, from nats://[user[:password]@]host[:port];
// with tls:// instead of nats:// the connection goes over to TLS after INFO.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gnatsd::bench {

struct Endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 4222;
    std::string user;
    std::string password;
    bool tls = false;

    bool isLoopback() const;
};

/// Raises the limit of open files for so many connections. Throws ServerError when it is too low.
void wantDescriptors(std::uint64_t connections);

/// Throws UsageError when the text is no such address.
Endpoint parseEndpoint(std::string_view url);

/// A non-blocking TCP connection without Nagle's delay. `sourceIndex` spreads many connections to
/// loopback over source addresses, so that they do not run out of ports. Throws ServerError.
int dial(const Endpoint& endpoint, std::uint32_t sourceIndex = 0);

}  // namespace gnatsd::bench
