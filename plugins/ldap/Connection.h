// Connection: one connection to an LDAP server; every call ends by its deadline.
//
// Threads: one at a time.

#pragma once

#include "plugins/ldap/DeadlineLayer.h"
#include "plugins/ldap/Settings.h"

#include <Poco/Exception.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ldap;
struct ldap_conncb;
struct ldapmsg;

namespace gnatsd::ldap {

/// The server is not there, does not answer in time, or answers nonsense; the connection is of no
/// use any more.
class Unavailable final : public Poco::RuntimeException {
public:
    explicit Unavailable(const std::string& why) : Poco::RuntimeException(why) {}
};

class Connection {
public:
    /// Connects, with TLS if the settings say so. Throws Unavailable.
    Connection(const Settings& settings, Clock::time_point deadline);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Whether the server takes these credentials. Requires: the password is not empty; without
    /// one a server would say yes to everybody (RFC 4513, 5.1.2). Throws Unavailable.
    bool bind(const std::string& dn, std::string_view password, Clock::time_point deadline);

    /// The distinguished names of what the filter finds, two at most. Throws Unavailable.
    std::vector<std::string> search(const std::string& base, const std::string& filter,
                                    Clock::time_point deadline);

private:
    struct Close {
        void operator()(::ldap* handle) const noexcept;
    };
    struct Free {
        void operator()(::ldapmsg* message) const noexcept;
    };
    using Message = std::unique_ptr<::ldapmsg, Free>;

    void setOption(int option, const void* value);
    Message await(int id);
    int codeOf(::ldapmsg* message);

    // Used by the handle.
    Clock::time_point deadline_;
    std::unique_ptr<::ldap_conncb> callback_;

    std::unique_ptr<::ldap, Close> handle_;
};

}  // namespace gnatsd::ldap
