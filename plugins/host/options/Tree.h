// What is done to a tree of settings: look up, put, drop, by a path like `cluster.tls.verify`.
// Also how one value is shown. Pure functions.

#pragma once

#include "plugins/host/conf/Value.h"

#include <string>
#include <string_view>

namespace gnatsd::host::options {

/// Null when there is none.
const conf::Value* get(const conf::Map& tree, std::string_view path);

/// The map at that path, or an empty one.
const conf::Map& mapAt(const conf::Map& tree, std::string_view path);

/// The list at that path, or an empty one.
const conf::Array& listAt(const conf::Map& tree, std::string_view path);

/// Of another type or absent: the fallback.
std::string textAt(const conf::Map& tree, std::string_view path);
std::int64_t integerAt(const conf::Map& tree, std::string_view path, std::int64_t fallback = 0);
double realAt(const conf::Map& tree, std::string_view path, double fallback = 0);
bool isOn(const conf::Map& tree, std::string_view path);

/// Puts a value behind the others, instead of the one that is there; makes the maps on the way.
/// Cost: copies each map on the way.
void put(conf::Map& tree, std::string_view path, conf::Value value);

void drop(conf::Map& tree, std::string_view path);

/// A scalar as a configuration would write it; lists with blanks between; "{...}" for a map.
std::string shown(const conf::Value& value);

/// Numbers without needless digits: `2`, `0.5`.
std::string numberText(double number);

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept;
std::string lowerCase(std::string_view text);

}  // namespace gnatsd::host::options
