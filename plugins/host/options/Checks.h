// Checks of values that have the right type already, and small readers that several blocks share.
//
// Threads: pure functions.

#pragma once

#include "plugins/host/conf/Value.h"

#include <optional>
#include <string>
#include <string_view>

namespace gnatsd::host::options {

/// No blanks (OPT-140).
std::string checkServerName(const conf::Value& value);
std::string checkClusterName(const conf::Value& value);

/// `host` or `host:port` (OPT-98, OPT-141).
std::string checkHostPort(const conf::Value& value);

/// A list of addresses as `-a` takes it (CLI-10).
std::string checkListen(const conf::Value& value);

/// At least 30 seconds (OPT-147).
std::string checkLameDuckDuration(const conf::Value& value);

/// `text` or `json`.
std::string checkLogFormat(const conf::Value& value);

/// Not the empty text.
std::string checkNotEmpty(const conf::Value& value);

/// The path with one leading slash, cleaned, without one at the end (OPT-149).
std::string cleanPath(std::string_view path);

/// A route or cluster URL (OPT-104, CLI-32).
struct RouteUrl {
    std::string user;
    std::string password;
    bool hasUser = false;
    bool hasPassword = false;
    std::string host;
    int port = 0;
};

/// Reads a URL; the scheme is not looked at. Answers nothing and fills `why` when it is none.
std::optional<RouteUrl> parseRouteUrl(std::string_view text, std::string& why);

/// The text with the password replaced (LOG-51); also when it is no URL.
std::string withoutPassword(std::string_view url);

/// Begins like a bcrypt hash (OPT-70).
bool looksLikeBcrypt(std::string_view secret) noexcept;

/// `U...`: base32 of a prefix, a key and its checksum (AU-81).
bool isPublicUserKey(std::string_view text) noexcept;

}  // namespace gnatsd::host::options
