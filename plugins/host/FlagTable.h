// FlagTable: every flag of the program, once: its spellings, its kind, its help, what it sets.
//
// Parsing and `-h` both follow from this table, so a flag cannot exist in one and miss in the
// other.

#pragma once

#include "plugins/host/Options.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gnatsd::host {

enum class FlagKind { boolean, integer, text };
enum class FlagGroup { server, logging, plugins, common };

/// A value that has passed its kind's check; the member of that kind is set.
struct FlagValue {
    bool boolean = false;
    std::int64_t integer = 0;
    std::string_view text;
};

/// What the flags write to.
struct FlagTarget {
    Options options;
    bool showHelp = false;
    bool showVersion = false;
    bool listPlugins = false;
};

struct Flag {
    std::array<std::string_view, 3> names;  // without dashes; unused ones are empty
    FlagKind kind;
    FlagGroup group;
    std::string_view argument;  // as the help shows it
    std::string_view help;
    std::string_view (*apply)(FlagTarget&, const FlagValue&);  // answers why not, or nothing
};

std::span<const Flag> flagTable();

/// The flag of that exact name, or null.
const Flag* findFlag(std::string_view name);

std::string_view groupTitle(FlagGroup group);

}  // namespace gnatsd::host
