// ListenAddress: one address of `-a`, as written: IPv4, IPv6 or a host name, with or without port.
//
// Nothing is resolved here; that is the business of whoever opens the port.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::host {

struct ListenAddress {
    std::string host;  // without brackets; empty: the default host
    int port = 0;      // 0: the default port; -1: any free port

    /// host:port, an IPv6 address in brackets (LOG-8).
    std::string text() const;

    /// Reads `a,b:4222,[::1],[::1]:4222,::1`. Answers nothing when one of them is malformed; an
    /// empty text is the default address.
    static std::optional<std::vector<ListenAddress>> parseList(std::string_view text);

    bool operator==(const ListenAddress&) const = default;
};

}  // namespace gnatsd::host
