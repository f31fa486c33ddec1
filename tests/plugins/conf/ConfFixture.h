// What the tests of the configuration language share: parsing with a made-up environment and files
// that exist only here, and values as text.
//
// Threads: plain values.

#pragma once

#include "plugins/host/conf/Parser.h"

#include <map>
#include <string>
#include <string_view>

namespace gnatsd::tests {

using TextMap = std::map<std::string, std::string>;

/// A world without the process's variables and files. File names are as the parser asks for them.
host::conf::Environment worldOf(const TextMap& variables, const TextMap& files = {});

/// The value as JSON with sorted keys; floats have a point, dates are {"$date":"..."}.
std::string print(const host::conf::Value& value);
std::string print(const host::conf::Map& map);

/// print() of what a text named `t.conf` parses to, or "error: " and the message.
std::string outcome(std::string_view text, const TextMap& variables = {},
                    const TextMap& files = {});

/// The error of a text named `t.conf`; fails the test if there is none.
host::conf::ParseError errorOf(std::string_view text, const TextMap& variables = {},
                               const TextMap& files = {});

}  // namespace gnatsd::tests
