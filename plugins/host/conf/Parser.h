// Parser: configuration files into maps, as the rules CFG- define the language. What the entries
// mean is not decided here.
//
// Every input ends in a map or in a ParseError (CFG-82), in time linear in its size. Nesting is
// bounded (CFG-58), and so is what variables and includes can multiply (Session.h).
//
// Threads: main only; no state is kept between calls.

#pragma once

#include "plugins/host/conf/Environment.h"
#include "plugins/host/conf/ParseError.h"
#include "plugins/host/conf/Value.h"

#include <string>
#include <string_view>

namespace gnatsd::host::conf {

/// Reads and parses a file and what it includes. Throws ParseError, also if there is no such file.
Map parseFile(const std::string& path, const Environment& environment = {});

/// Parses a text. `name` stands for the file in places and errors, and its folder is where includes
/// are looked for.
Map parseText(std::string_view text, const std::string& name, const Environment& environment = {});

}  // namespace gnatsd::host::conf
