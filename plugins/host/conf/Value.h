// Value: what a configuration file parses to (CFG-10): a tree that keeps types, order and places.
//
// A value's content never changes and is shared by its copies, so that a variable which refers to
// a large map costs nothing. `Map` itself is a plain vector that its owner may edit.
//
// Threads: a plain value; confined to whoever holds it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gnatsd::host::conf {

/// Where something stands. `file` is what the user or an include called it, null for a text.
struct Place {
    std::shared_ptr<const std::string> file;
    int line = 1;
    int column = 0;  // CFG-81

    /// `FILE:LINE:COL`
    std::string text() const;
};

/// A date of the language (CFG-50), in seconds since 1970.
struct Date {
    std::int64_t seconds = 0;
    bool operator==(const Date&) const = default;
};

class Value;
struct Entry;

using Array = std::vector<Value>;

/// Entries in the order of the file; a repeated key replaces the value in place (CFG-18).
struct Map {
    // Defined where Entry is complete.
    Map();
    explicit Map(std::vector<Entry> list);
    Map(const Map&);
    Map(Map&&) noexcept;
    Map& operator=(const Map&);
    Map& operator=(Map&&) noexcept;
    ~Map();

    std::vector<Entry> entries;

    /// The entry of exactly that key, or null.
    const Entry* find(std::string_view key) const;
};

class Value {
public:
    using Data = std::variant<std::string, bool, std::int64_t, double, Date, Array, Map>;

    Value() = default;
    Value(Data data, Place place);

    const Data& data() const noexcept;
    const Place& place() const noexcept { return place_; }

    /// The content if it is of that type, else null; no conversion (OPT-5).
    const bool* boolean() const noexcept { return std::get_if<bool>(&data()); }
    const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&data()); }
    const double* real() const noexcept { return std::get_if<double>(&data()); }
    const std::string* string() const noexcept { return std::get_if<std::string>(&data()); }
    const Array* array() const noexcept { return std::get_if<Array>(&data()); }
    const Map* map() const noexcept { return std::get_if<Map>(&data()); }

    /// For error texts, with article: "an integer", "a string", ...
    const char* typeName() const noexcept;

    /// The same content at another place. Cost: none.
    Value at(Place place) const;

    /// How many values whoever walks through this one meets, each reference counted anew; long
    /// strings count for several.
    std::size_t weight() const noexcept;

    /// How many maps and arrays stand inside each other, this one included; 0 for a scalar.
    int depth() const noexcept;

    /// Compares contents, not places; the order of a map's entries does not matter.
    bool operator==(const Value& other) const;

private:
    struct Content;

    std::shared_ptr<const Content> content_;  // shared by copies; null: an empty string
    Place place_;
};

struct Entry {
    std::string key;    // as written (CFG-17)
    Value value;        // its place is that of the key
    bool used = false;  // a variable referred to it (CFG-66)
};

inline Map::Map() = default;
inline Map::Map(std::vector<Entry> list) : entries(std::move(list)) {}
inline Map::Map(const Map&) = default;
inline Map::Map(Map&&) noexcept = default;
inline Map& Map::operator=(const Map&) = default;
inline Map& Map::operator=(Map&&) noexcept = default;
inline Map::~Map() = default;

}  // namespace gnatsd::host::conf
