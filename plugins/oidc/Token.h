// looksLikeToken, verify: whether a text is a token of the issuer that counts now.
//
// Only RS256 and ES256, and only with a key of that very kind: `none` and the HS family, for which
// a public key would be the secret, are never tried.
//
// Threads: pure functions.

#pragma once

#include "plugins/oidc/KeySet.h"
#include "plugins/oidc/Settings.h"

#include <Poco/JSON/Object.h>

#include <chrono>
#include <string>
#include <string_view>

namespace gnatsd::oidc {

/// Three parts in base64url, the first of which is a JSON object with an algorithm. A password may
/// have two dots without being a token.
bool looksLikeToken(std::string_view text);

struct Verified {
    Poco::JSON::Object::Ptr claims;  // null: refused
    std::string reason;              // why; holds nothing of the token but its kid and algorithm
    bool isKeyUnknown = false;       // refused, but other keys could say otherwise
    std::chrono::system_clock::time_point expires;  // with the skew
};

/// Requires: looksLikeToken(token).
Verified verify(const std::string& token, const KeySet& keys, const Settings& settings,
                std::chrono::system_clock::time_point now);

}  // namespace gnatsd::oidc
