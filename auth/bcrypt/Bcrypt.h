// Bcrypt: libxcrypt behind two functions.
//
// Threads: any, several at once. Cost: about 2^cost * 50 us of CPU, 110 ms at cost 11.

#pragma once

#include <string>
#include <string_view>

namespace gnatsd::auth::bcrypt {

inline constexpr int kMinCost = 4;
inline constexpr int kMaxCost = 31;

/// bcrypt looks at no more of a password.
inline constexpr std::size_t kMaxPassword = 72;

/// A `$2a$` hash with a salt of its own. Throws Poco::InvalidArgumentException for a cost outside
/// of kMinCost to kMaxCost, a password that is longer than kMaxPassword or holds a zero byte.
std::string hash(std::string_view password, int cost);

/// Whether `hash` was made from that password. False, after the same time, for a damaged hash's
/// neighbours: a password with a zero byte matches nothing.
bool verify(std::string_view hash, std::string_view password);

}  // namespace gnatsd::auth::bcrypt
