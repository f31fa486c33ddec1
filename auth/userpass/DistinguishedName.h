// DistinguishedName: the subject of a certificate as text (RFC 2253), in a form that can be
// compared (AU-71): "cn=Erin Smith, ou=Eng" and "CN=Erin Smith,OU=Eng" are one name.
//
// Threads: pure functions.

#pragma once

#include <string>
#include <string_view>

namespace gnatsd::auth::userpass {

enum class Order { asWritten, any };

/// Equal names give equal texts; with Order::any also those with the same parts in another order.
/// Empty for a text that is no such name.
std::string comparable(std::string_view name, Order order);

}  // namespace gnatsd::auth::userpass
