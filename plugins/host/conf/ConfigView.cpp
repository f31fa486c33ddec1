#include "plugins/host/conf/ConfigView.h"

#include "plugins/host/conf/MapBuilder.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace gnatsd::host::conf {

namespace {

/// Up to so many entries are compared one by one.
constexpr std::size_t kFew = 12;

std::string textOf(double value) {
    char buffer[32];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, result.ptr};
}

std::string textOf(const Date& date) {
    namespace ch = std::chrono;
    const ch::sys_seconds time{ch::seconds(date.seconds)};
    const ch::sys_days midnight = ch::floor<ch::days>(time);
    const ch::year_month_day day(midnight);
    const ch::hh_mm_ss clock(time - midnight);
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return buffer;
}

/// The text of a scalar; nothing for a map and an array.
std::optional<std::string> textOf(const Value& value) {
    if (const std::string* const text = value.string()) {
        return *text;
    }
    if (const bool* const boolean = value.boolean()) {
        return *boolean ? "true" : "false";
    }
    if (const std::int64_t* const integer = value.integer()) {
        return std::to_string(*integer);
    }
    if (const double* const real = value.real()) {
        return textOf(*real);
    }
    if (const auto* const date = std::get_if<Date>(&value.data())) {
        return textOf(*date);
    }
    return std::nullopt;
}

/// The index that `name` is, without sign and leading zeros.
std::optional<std::size_t> indexOf(std::string_view name) {
    std::size_t index = 0;
    const auto result = std::from_chars(name.data(), name.data() + name.size(), index);
    const bool whole = result.ec == std::errc() && result.ptr == name.data() + name.size();
    if (!whole || (name.size() > 1 && name.front() == '0')) {
        return std::nullopt;
    }
    return index;
}

}  // namespace

const Value* ConfigView::find(std::string_view key) const {
    return walk(key).value;
}

std::optional<Place> ConfigView::place(const std::string& key) const {
    const Value* const value = find(key);
    return value == nullptr ? std::nullopt : std::optional<Place>(value->place());
}

bool ConfigView::isVariable(std::string_view key) const {
    const Entry* const entry = walk(key).entry;
    return entry != nullptr && entry->used;
}

bool ConfigView::getRaw(const std::string& key, std::string& value) const {
    const Value* const found = find(key);
    std::optional<std::string> text = found == nullptr ? std::nullopt : textOf(*found);
    if (!text) {
        return false;
    }
    value = std::move(*text);
    return true;
}

void ConfigView::setRaw(const std::string& key, const std::string&) {
    throw Poco::NotImplementedException("settings of a file cannot be changed", key);
}

void ConfigView::removeRaw(const std::string& key) {
    throw Poco::NotImplementedException("settings of a file cannot be removed", key);
}

void ConfigView::enumerate(const std::string& key, Keys& range) const {
    const Value* const value = find(key);
    if (value == nullptr) {
        return;
    }
    if (const Map* const map = value->map()) {
        for (const Entry& entry : map->entries) {
            range.push_back(entry.key);
        }
    } else if (const Array* const array = value->array()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            range.push_back(std::to_string(i));
        }
    }
}

ConfigView::Found ConfigView::walk(std::string_view key) const {
    Found found{&root_, nullptr};
    if (key.empty()) {
        return found;
    }
    for (std::size_t begin = 0; found.value != nullptr && begin <= key.size();) {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        found = child(*found.value, key.substr(begin, end - begin));
        begin = end + 1;
    }
    return found;
}

ConfigView::Found ConfigView::child(const Value& parent, std::string_view name) const {
    if (const Array* const array = parent.array()) {
        const std::optional<std::size_t> index = indexOf(name);
        return {index && *index < array->size() ? &(*array)[*index] : nullptr, nullptr};
    }
    const Map* const map = parent.map();
    const Entry* const entry = map == nullptr ? nullptr : entryOf(*map, name);
    return {entry == nullptr ? nullptr : &entry->value, entry};
}

/// Exactly that key, or the last one in another letter case (OPT-3).
const Entry* ConfigView::entryOf(const Map& map, std::string_view name) const {
    if (map.entries.size() <= kFew) {
        const std::string lower = folded(name);
        const Entry* similar = nullptr;
        for (const Entry& entry : map.entries) {
            if (entry.key == name) {
                return &entry;
            }
            similar = folded(entry.key) == lower ? &entry : similar;
        }
        return similar;
    }
    Index& index = indexes_[&map];
    if (index.exact.empty()) {
        for (const Entry& entry : map.entries) {
            index.exact.emplace(entry.key, &entry);
            index.anyCase.insert_or_assign(folded(entry.key), &entry);
        }
    }
    const auto exact = index.exact.find(name);
    if (exact != index.exact.end()) {
        return exact->second;
    }
    const auto similar = index.anyCase.find(folded(name));
    return similar == index.anyCase.end() ? nullptr : similar->second;
}

}  // namespace gnatsd::host::conf
