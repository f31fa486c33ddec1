#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace gnatsd::host::options {

namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

void dropHere(conf::Map& tree, std::string_view key) {
    std::erase_if(tree.entries, [&](const conf::Entry& entry) { return entry.key == key; });
}

std::string dateText(conf::Date date) {
    const auto seconds = static_cast<std::time_t>(date.seconds);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, length};
}

}  // namespace

const conf::Value* get(const conf::Map& tree, std::string_view path) {
    const std::size_t dot = path.find('.');
    const conf::Entry* entry = tree.find(path.substr(0, dot));
    if (entry == nullptr || dot == std::string_view::npos) {
        return entry == nullptr ? nullptr : &entry->value;
    }
    const conf::Map* next = entry->value.map();
    return next == nullptr ? nullptr : get(*next, path.substr(dot + 1));
}

const conf::Map& mapAt(const conf::Map& tree, std::string_view path) {
    static const conf::Map kEmpty;
    const conf::Value* value = get(tree, path);
    const auto* found = value == nullptr ? nullptr : value->map();
    return found == nullptr ? kEmpty : *found;
}

const conf::Array& listAt(const conf::Map& tree, std::string_view path) {
    static const conf::Array kEmpty;
    const conf::Value* value = get(tree, path);
    const auto* found = value == nullptr ? nullptr : value->array();
    return found == nullptr ? kEmpty : *found;
}

std::string textAt(const conf::Map& tree, std::string_view path) {
    const conf::Value* value = get(tree, path);
    const auto* found = value == nullptr ? nullptr : value->string();
    return found == nullptr ? std::string() : *found;
}

std::int64_t integerAt(const conf::Map& tree, std::string_view path, std::int64_t fallback) {
    const conf::Value* value = get(tree, path);
    const auto* found = value == nullptr ? nullptr : value->integer();
    return found == nullptr ? fallback : *found;
}

double realAt(const conf::Map& tree, std::string_view path, double fallback) {
    const conf::Value* value = get(tree, path);
    const auto* found = value == nullptr ? nullptr : value->real();
    return found == nullptr ? fallback : *found;
}

bool isOn(const conf::Map& tree, std::string_view path) {
    const conf::Value* value = get(tree, path);
    const bool* on = value == nullptr ? nullptr : value->boolean();
    return on != nullptr && *on;
}

void put(conf::Map& tree, std::string_view path, conf::Value value) {
    const std::size_t dot = path.find('.');
    const std::string key(path.substr(0, dot));
    if (dot == std::string_view::npos) {
        dropHere(tree, key);
        tree.entries.push_back({key, std::move(value), false});
        return;
    }
    const conf::Entry* entry = tree.find(key);
    conf::Map child = mapAt(tree, key);
    const conf::Place place = entry == nullptr ? value.place() : entry->value.place();
    put(child, path.substr(dot + 1), std::move(value));
    put(tree, key, conf::Value(std::move(child), place));
}

void drop(conf::Map& tree, std::string_view path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) {
        dropHere(tree, path);
        return;
    }
    const conf::Value* value = get(tree, path.substr(0, dot));
    if (value == nullptr || value->map() == nullptr) {
        return;
    }
    conf::Map child = *value->map();
    const conf::Place place = value->place();
    drop(child, path.substr(dot + 1));
    put(tree, path.substr(0, dot), conf::Value(std::move(child), place));
}

std::string shown(const conf::Value& value) {
    if (const std::string* text = value.string()) {
        return *text;
    }
    if (const bool* on = value.boolean()) {
        return *on ? "true" : "false";
    }
    if (const std::int64_t* number = value.integer()) {
        return std::to_string(*number);
    }
    if (const double* number = value.real()) {
        return numberText(*number);
    }
    if (const conf::Date* date = std::get_if<conf::Date>(&value.data())) {
        return dateText(*date);
    }
    if (const conf::Array* array = value.array()) {
        std::string text;
        for (const conf::Value& item : *array) {
            text += text.empty() ? "" : " ";
            text += shown(item);
        }
        return text;
    }
    return "{...}";
}

std::string numberText(double number) {
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, number);
    return {text, end};
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string lowerCase(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

}  // namespace gnatsd::host::options
