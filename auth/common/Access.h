// Access: what the configuration says about a user beside how to recognize it: account, kinds of
// connection (OPT-78), limits.
//
// Threads: constant after read(), so any.

#pragma once

#include "auth/common/UserEntries.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/Plugin.h>
#include <gnatsd/UserLimits.h>

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::auth::common {

class Access {
public:
    /// The default account, every kind of connection, no limits.
    Access() = default;

    /// Throws what is wrong with `allowed_connection_types`, `max_connections`, `allow_from`,
    /// `no_wildcards`, `publish_rate` and `publish_burst` of the entry.
    static Access read(const sdk::Config& config, const UserEntry& entry);

    /// For a client that has shown to be `user`: accepts it, or rejects its kind of connection.
    sdk::AuthResult grant(std::string_view user, const sdk::ConnectRequest& request) const;

private:
    void readTypes(const sdk::Config& config, const std::string& key);
    bool allows(std::string_view transport) const noexcept;

    std::string account_;
    std::shared_ptr<const sdk::UserLimits> limits_;
    bool anyType_ = true;
    bool standard_ = false;
    bool websocket_ = false;
};

}  // namespace gnatsd::auth::common
