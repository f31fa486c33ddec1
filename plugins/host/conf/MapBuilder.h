// MapBuilder: the entries of a map while it is read. Later entries replace earlier ones of the same
// key in place (CFG-18).
//
// Threads: a plain value.
// Cost: set() and both finds take constant time, however many entries there are.

#pragma once

#include "plugins/host/conf/Value.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gnatsd::host::conf {

class MapBuilder {
public:
    void set(Entry entry);

    /// The entry of exactly that key, or null. Valid until the next set().
    Entry* find(std::string_view key);

    /// The last entry whose key differs at most in letter case (CFG-62), or null.
    Entry* findIgnoringCase(std::string_view key);

    Map take() { return Map(std::move(entries_)); }

private:
    struct Hash {
        using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
        std::size_t operator()(std::string_view key) const noexcept {
            return std::hash<std::string_view>()(key);
        }
    };
    using Index = std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>>;

    std::vector<Entry> entries_;
    Index index_;   // of all entries, once there are more than a few
    Index folded_;  // of the first foldedCount_ entries, in lower case
    std::size_t foldedCount_ = 0;
};

/// ASCII letters in lower case.
std::string folded(std::string_view text);

}  // namespace gnatsd::host::conf
