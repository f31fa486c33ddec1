// Session: what the texts of one configuration share while they are parsed: the file itself, what
// it includes, and the values of environment variables. Each file and variable is parsed once.
//
// Threads: main only.
// Lifetime: one call of parseFile() or parseText(); views the Environment.

#pragma once

#include "plugins/host/conf/Environment.h"
#include "plugins/host/conf/Value.h"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace gnatsd::host::conf {

constexpr int kMaxDepth = 256;              // maps and arrays inside each other (CFG-58)
constexpr std::size_t kMaxIncludes = 32;    // files inside each other (CFG-74)
constexpr std::size_t kMaxReferences = 32;  // environment variables inside each other (CFG-65)

/// The weight of all values that stand in more than one place. Ten lines of `b = [$a, $a]`, each
/// with the one before, would else be a thousand values, forty lines a million million.
constexpr std::size_t kMaxShared = 10'000'000;

struct Session {
    explicit Session(const Environment& given) : environment(given) {}

    /// Counts a value that appears once more; false when it is too much.
    bool share(const Value& value) noexcept {
        shared += value.weight();
        return shared <= kMaxShared;
    }

    const Environment& environment;
    std::vector<std::string> openFiles;  // innermost last
    std::vector<std::string> openVariables;
    std::unordered_map<std::string, Value> files;
    std::unordered_map<std::string, Value> variables;
    std::size_t shared = 0;
};

}  // namespace gnatsd::host::conf
