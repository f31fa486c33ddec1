// readPassword: takes a password from standard input.
//
// Threads: main. While a terminal is asked it shows nothing of what is typed; signals that end the
// program turn that back before.

#pragma once

#include <string>

namespace gnatsd::auth::mkpasswd {

struct Input {
    std::string password;
    std::string problem;  // empty: there is a password
};

/// From a terminal: asked for twice (AU-103). Otherwise the first line (AU-104).
Input readPassword();

}  // namespace gnatsd::auth::mkpasswd
