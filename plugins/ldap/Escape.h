// Names as parts of distinguished names (RFC 4514) and of search filters (RFC 4515): whatever a
// client calls itself, it stays one value and changes nothing around it.
//
// Threads: pure functions.

#pragma once

#include <string>
#include <string_view>

namespace gnatsd::ldap {

std::string escapeForDn(std::string_view value);
std::string escapeForFilter(std::string_view value);

}  // namespace gnatsd::ldap
