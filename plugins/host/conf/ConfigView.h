// ConfigView: a parsed value as the settings that a plug-in gets: path keys such as `users.0.pass`,
// an item of a list by its index.
//
// A key is found as it is written or, failing that, in any letter case (OPT-2). getRaw...() gives
// the text of a scalar: true and false, integers in decimals, floats as short as they can be. A key
// that itself holds a dot cannot be named by a path, although keys() lists it: names that may hold
// dots are values in our files, never keys. getString() expands ${...}, so secrets are read with
// getRawString().
//
// Threads: main only (lookups fill an index).
// Lifetime: reference counted, see Poco::AutoPtr; shares the value's content.
// Cost: a lookup takes time in the depth of the key, not in the number of its siblings.

#pragma once

#include "plugins/host/conf/Value.h"
#include <gnatsd/Plugin.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gnatsd::host::conf {

class ConfigView final : public sdk::Config {
public:
    explicit ConfigView(Map map) : ConfigView(Value(std::move(map), {})) {}
    explicit ConfigView(Value root) : root_(std::move(root)) {}

    /// Where the value of that key stands in the file; the root's place for "". Nothing if there
    /// is no such key.
    std::optional<Place> place(const std::string& key) const;

    /// The value itself, or null.
    const Value* find(std::string_view key) const;

    /// Whether a variable referred to the entry of that key: then nobody has to read it (OPT-4).
    bool isVariable(std::string_view key) const;

protected:
    bool getRaw(const std::string& key, std::string& value) const override;
    void setRaw(const std::string& key, const std::string& value) override;
    void removeRaw(const std::string& key) override;
    void enumerate(const std::string& key, Keys& range) const override;

private:
    struct Found {
        const Value* value = nullptr;
        const Entry* entry = nullptr;  // null for the root and for items of lists
    };
    struct Index {
        std::unordered_map<std::string_view, const Entry*> exact;
        std::unordered_map<std::string, const Entry*> anyCase;
    };

    Found walk(std::string_view key) const;
    Found child(const Value& parent, std::string_view name) const;
    const Entry* entryOf(const Map& map, std::string_view name) const;

    const Value root_;
    mutable std::unordered_map<const Map*, Index> indexes_;  // of the larger maps
};

}  // namespace gnatsd::host::conf
