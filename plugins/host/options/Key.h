// Key: one row of the option table. It says what an option is called in a file and on the command
// line, what it takes, where it goes, which plug-in it needs and what a reload may do with it.
// Block: the rows that may stand in one map of the file.
//
// Type checks, flags, the help text, `-t` and the reload rules follow from these rows alone.
//
// Threads: constant data.

#pragma once

#include "plugins/host/conf/Value.h"

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace gnatsd::host {
struct Options;
}

namespace gnatsd::host::options {

class Problems;
struct Block;
struct Key;

/// What a row takes (OPT-8).
enum class Kind {
    boolean,
    integer,
    text,
    address,       // a port, or host:port; sets the two settings in `parts`
    seconds,       // a number
    time,          // a number of seconds, or a duration
    duration,      // a duration; a whole number of seconds with a warning (OPT-7)
    durationText,  // only a duration (OPT-147)
    texts,         // a string or a list of strings
    list,          // a list of strings, not empty
    block,         // a map with the rows of `block`
    ignored,       // known, not supported, a notice says so (OPT-131)
    refused,       // known, not supported, ends the start (OPT-131)
    custom,        // `read` does it all
};

struct Range {
    std::int64_t least = std::numeric_limits<std::int32_t>::min();
    std::int64_t most = std::numeric_limits<std::int32_t>::max();
};

constexpr Range kAtLeastZero{0, std::numeric_limits<std::int32_t>::max()};
constexpr Range kBytes{0, std::numeric_limits<std::int64_t>::max()};

/// What a reader works on: `out` gets settings under their first names.
struct Reading {
    conf::Map& out;
    Problems& problems;
    std::string_view block;  // "", "tls", "cluster.tls"
};

/// Reads one entry of the file, or one flag, into `reading.out`; reports what is wrong.
using Reader = void (*)(const Key& key, const conf::Entry& entry, Reading& reading);

/// Answers what is wrong with a value of the right type, or nothing.
using Check = std::string (*)(const conf::Value& value);

/// How a setting gets into Options and how what is there is shown.
struct Member {
    void (*set)(Options& options, const conf::Value& value) = nullptr;
    std::string (*show)(const Options& options) = nullptr;
};

enum class FlagGroup {
    none,
    server,
    logging,
    authorization,
    tls,
    cluster,
    profiling,
    plugins,
    common
};

/// Flags that no setting belongs to.
enum class Ask { nothing, help, version, helpTls, check, config, signal, daemon, listPlugins };

/// Merges a flag into the tree of settings in its own way.
using MergeFlag = void (*)(conf::Map& tree, const conf::Value& value, Problems& problems);

/// Answers what is wrong with the text of a flag's value, or nothing (CLI-6).
using FlagCheck = std::string_view (*)(std::string_view text);

struct Flag {
    std::array<std::string_view, 3> names{};  // without dashes; the help shows two
    FlagGroup group = FlagGroup::none;
    std::string_view argument{};
    std::string_view help{};
    MergeFlag merge = nullptr;  // null: as the entry of a file
    Ask ask = Ask::nothing;
    FlagCheck check = nullptr;
    bool isSwitch = false;  // for a row whose kind does not say so

    bool exists() const noexcept { return !names[0].empty(); }
};

enum class Reload { no, atOnce };

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): rows read in this order
struct Key {
    std::array<std::string_view, 6> names{};  // the first one is that of the setting
    Kind kind = Kind::text;
    Flag flag{};
    Member member{};
    Reload reload = Reload::no;
    std::string_view goName{};  // for "not supported" (OPT-202)
    Range range{};
    Check check = nullptr;
    Reader read = nullptr;
    const Block& (*block)() = nullptr;
    std::array<std::string_view, 2> parts{};  // of an address
    std::string_view needs{};                 // the plug-in that gives it its effect
    bool secret = false;                      // its value is never shown
    bool keepZero = false;                    // zero is not "the default" (OPT-10)

    std::string_view name() const noexcept { return names[0]; }
};

struct Block {
    std::string_view name;
    std::array<std::span<const Key>, 4> parts{};

    /// The row of that name or alias, letter case ignored (OPT-2), or null.
    const Key* find(std::string_view wanted) const noexcept;
};

}  // namespace gnatsd::host::options
