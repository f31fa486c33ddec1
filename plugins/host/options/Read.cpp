#include "plugins/host/options/Read.h"

#include "kernel/Text.h"
#include "plugins/host/options/Duration.h"
#include "plugins/host/options/Suggest.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace gnatsd::host::options {

namespace {

using kernel::quote;

void unknown(const Block& block, const conf::Entry& entry, Reading& reading) {
    std::vector<std::string_view> names;
    for (const std::span<const Key> part : block.parts) {
        for (const Key& key : part) {
            names.insert(names.end(), key.names.begin(), key.names.end());
        }
    }
    std::string text = "unknown field " + quote(entry.key);
    if (const std::string_view near = closest(entry.key, names); !near.empty()) {
        text += ", did you mean " + quote(near) + "?";
    }
    reading.problems.error(entry.value.place(), text);
}

void notSupported(const Key& key, const conf::Entry& entry, Reading& reading) {
    if (const bool* on = entry.value.boolean(); on != nullptr && !*on) {
        return;  // off is what it is
    }
    const std::string text = quote(entry.key) + " is not supported by this server";
    if (key.kind == Kind::refused) {
        reading.problems.error(entry.value.place(), text);
    } else {
        reading.problems.notice(entry.value.place(), text);
    }
}

void readInteger(const Key& key, const conf::Entry& entry, Reading& reading) {
    const std::int64_t* number = entry.value.integer();
    if (number == nullptr) {
        return wrongType(entry, "an integer", reading);
    }
    if (*number != 0 && (*number < key.range.least || *number > key.range.most)) {
        return reading.problems.error(
            entry.value.place(),
            quote(entry.key) + " must be between " + std::to_string(key.range.least) + " and " +
                std::to_string(key.range.most) + ", got " + std::to_string(*number));
    }
    settle(key, entry.value, reading);
}

void settleSeconds(const Key& key, const conf::Entry& entry, double seconds, Reading& reading) {
    if (seconds < 0) {
        return reading.problems.error(entry.value.place(),
                                      quote(entry.key) + " must not be negative");
    }
    settle(key, conf::Value(seconds, entry.value.place()), reading);
}

void readDuration(const Key& key, const conf::Entry& entry, Reading& reading) {
    std::chrono::nanoseconds value{};
    if (const std::string why = parseDuration(*entry.value.string(), value); !why.empty()) {
        return reading.problems.error(entry.value.place(), quote(entry.key) + ": " + why);
    }
    settleSeconds(key, entry, std::chrono::duration<double>(value).count(), reading);
}

/// All kinds of time; in the tree each is a number of seconds.
void readTime(const Key& key, const conf::Entry& entry, Reading& reading) {
    const bool asText = key.kind != Kind::seconds;
    const bool asWhole = key.kind != Kind::durationText;
    const bool asReal = key.kind == Kind::seconds || key.kind == Kind::time;
    if (entry.value.string() != nullptr && asText) {
        return readDuration(key, entry, reading);
    }
    if (const std::int64_t* whole = entry.value.integer(); whole != nullptr && asWhole) {
        if (key.kind == Kind::duration && *whole != 0) {
            reading.problems.warning(
                entry.value.place(), entry.key,
                std::string(key.name()) + " should be converted to a duration");
        }
        return settleSeconds(key, entry, static_cast<double>(*whole), reading);
    }
    if (const double* real = entry.value.real(); real != nullptr && asReal) {
        return settleSeconds(key, entry, *real, reading);
    }
    wrongType(entry, asText ? "a duration such as \"2m\"" : "a number of seconds", reading);
}

/// OPT-9: the host between brackets or before the last colon.
void readAddress(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Place& place = entry.value.place();
    std::string host;
    std::int64_t port = 0;
    if (const std::int64_t* number = entry.value.integer()) {
        port = *number;
        if (port < key.range.least || port > key.range.most) {
            return reading.problems.error(place, "could not parse port " + std::to_string(port));
        }
    } else if (const std::string* text = entry.value.string()) {
        const std::size_t colon = text->rfind(':');
        host = text->substr(0, std::min(colon, text->size()));
        const bool inBrackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
        const bool bare = host.find_first_of(":[]") == std::string::npos;
        if (colon == std::string::npos || !(inBrackets || bare)) {
            return reading.problems.error(place, "could not parse address string " + quote(*text));
        }
        const char* first = text->data() + colon + 1;
        const char* last = text->data() + text->size();
        const auto [end, error] = std::from_chars(first, last, port);
        if (end != last || error != std::errc() || port < key.range.least ||
            port > key.range.most) {
            return reading.problems.error(place,
                                          "could not parse port " + quote(text->substr(colon + 1)));
        }
        host = inBrackets ? host.substr(1, host.size() - 2) : host;
    } else {
        return reading.problems.error(place, "expected port or host:port for " + quote(entry.key) +
                                                 ", got " + entry.value.typeName());
    }
    settle({.names = {key.parts[0]}}, conf::Value(host, place), reading);
    settle({.names = {key.parts[1]}}, conf::Value(port, place), reading);
}

void readTextList(const Key& key, const conf::Entry& entry, Reading& reading) {
    const bool mayBeOne = key.kind == Kind::texts;
    auto items = readTexts(entry, mayBeOne, reading);
    if (!items) {
        return;
    }
    if (items->empty() && !mayBeOne) {
        return reading.problems.error(entry.value.place(), quote(entry.key) + " must not be empty");
    }
    settle(key, conf::Value(std::move(*items), entry.value.place()), reading);
}

void readInner(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Map* entries = readMap(entry, reading);
    if (entries == nullptr) {
        return;
    }
    conf::Map inner;
    const std::string where =
        std::string(reading.block) + (reading.block.empty() ? "" : ".") + std::string(key.name());
    Reading next{inner, reading.problems, where};
    readBlock(key.block(), *entries, next);
    put(reading.out, key.name(), conf::Value(std::move(inner), entry.value.place()));
}

bool isZero(const conf::Value& value) {
    const std::int64_t* whole = value.integer();
    const double* real = value.real();
    return (whole != nullptr && *whole == 0) || (real != nullptr && *real == 0) ||
           (value.string() != nullptr && value.string()->empty());
}

}  // namespace

const Key* Block::find(std::string_view wanted) const noexcept {
    for (const std::span<const Key> part : parts) {
        for (const Key& key : part) {
            for (const std::string_view known : key.names) {
                if (known.size() == wanted.size() && !wanted.empty() &&
                    equalsIgnoringCase(known, wanted)) {
                    return &key;
                }
            }
        }
    }
    return nullptr;
}

void readBlock(const Block& block, const conf::Map& entries, Reading& reading) {
    for (const conf::Entry& entry : entries.entries) {
        if (const Key* key = block.find(entry.key)) {
            readEntry(*key, entry, reading);
        } else if (!entry.used) {
            unknown(block, entry, reading);
        }
    }
}

void readEntry(const Key& key, const conf::Entry& entry, Reading& reading) {
    switch (key.kind) {
        case Kind::boolean:
            if (entry.value.boolean() == nullptr) {
                return wrongType(entry, "a boolean", reading);
            }
            return settle(key, entry.value, reading);
        case Kind::text:
            if (entry.value.string() == nullptr) {
                return wrongType(entry, "a string", reading);
            }
            return settle(key, entry.value, reading);
        case Kind::integer:
            return readInteger(key, entry, reading);
        case Kind::address:
            return readAddress(key, entry, reading);
        case Kind::seconds:
        case Kind::time:
        case Kind::duration:
        case Kind::durationText:
            return readTime(key, entry, reading);
        case Kind::texts:
        case Kind::list:
            return readTextList(key, entry, reading);
        case Kind::block:
            return readInner(key, entry, reading);
        case Kind::ignored:
        case Kind::refused:
            return notSupported(key, entry, reading);
        case Kind::custom:
            return key.read(key, entry, reading);
    }
}

void settle(const Key& key, conf::Value value, Reading& reading) {
    if (isZero(value) && !key.keepZero) {
        return drop(reading.out, key.name());
    }
    if (key.check != nullptr) {
        if (const std::string why = key.check(value); !why.empty()) {
            return reading.problems.error(value.place(), why);
        }
    }
    put(reading.out, key.name(), std::move(value));
}

void wrongType(const conf::Entry& entry, const char* wanted, Reading& reading) {
    const conf::Value& value = entry.value;
    const bool scalar = value.array() == nullptr && value.map() == nullptr;
    const bool quotable = scalar && std::string_view(wanted) == "a string";
    reading.problems.error(value.place(), std::string("expected ") + wanted + " for " +
                                              quote(entry.key) + ", got " + value.typeName() +
                                              (quotable ? " (quote it)" : ""));
}

std::optional<conf::Array> readTexts(const conf::Entry& entry, bool mayBeOne, Reading& reading) {
    if (mayBeOne && entry.value.string() != nullptr) {
        return conf::Array{entry.value};
    }
    const conf::Array* array = entry.value.array();
    if (array == nullptr) {
        wrongType(entry, mayBeOne ? "a string or an array of strings" : "an array of strings",
                  reading);
        return std::nullopt;
    }
    bool right = true;
    for (const conf::Value& item : *array) {
        if (item.string() == nullptr) {
            reading.problems.error(item.place(), "expected a string in " + quote(entry.key) +
                                                     ", got " + item.typeName());
            right = false;
        }
    }
    return right ? std::optional(*array) : std::nullopt;
}

const conf::Map* readMap(const conf::Entry& entry, Reading& reading) {
    const conf::Map* map = entry.value.map();
    if (map == nullptr) {
        wrongType(entry, "a map", reading);
    }
    return map;
}

}  // namespace gnatsd::host::options
