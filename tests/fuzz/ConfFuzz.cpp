// Fuzz target: the parser of the configuration language ends with a map or with an error (CFG-82).
// A map written out again parses to the same values; a report can be printed and a configuration
// view reaches every value.
//
// The input is the file, and behind it, each after a byte 0x1E, files named a, b, c... which are
// also the values of the variables A, B, C... Nothing outside is touched.

#include "plugins/host/conf/ConfigView.h"
#include "plugins/host/conf/Parser.h"
#include "tests/fuzz/Require.h"

#include <Poco/AutoPtr.h>

#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace gnatsd::host::conf;
using gnatsd::fuzz::require;

namespace {

constexpr char kSeparator = 0x1E;
constexpr std::size_t kMostParts = 8;
constexpr std::size_t kMostWeight = 20'000;  // above that a walk through the values takes too long

std::vector<std::string> partsOf(std::string_view input) {
    std::vector<std::string> parts;
    while (parts.size() + 1 < kMostParts && input.find(kSeparator) != input.npos) {
        parts.emplace_back(input.substr(0, input.find(kSeparator)));
        input.remove_prefix(parts.back().size() + 1);
    }
    parts.emplace_back(input);
    return parts;
}

/// The part that a file or variable of that name is, or null.
const std::string* partNamed(const std::vector<std::string>& parts, std::string_view name,
                             char first) {
    if (name.size() != 1 || name[0] < first) {
        return nullptr;
    }
    const auto index = static_cast<std::size_t>(name[0] - first) + 1;
    return index < parts.size() ? &parts[index] : nullptr;
}

Environment worldOf(const std::vector<std::string>& parts) {
    Environment world;
    world.get = [&parts](const std::string& name) {
        const std::string* const part = partNamed(parts, name, 'A');
        return part == nullptr ? std::nullopt : std::optional<std::string>(*part);
    };
    world.read = [&parts](const std::string& path) {
        const std::string* const part = partNamed(parts, path, 'a');
        if (part == nullptr) {
            throw Poco::FileNotFoundException("open " + path + ": no such file or directory");
        }
        return *part;
    };
    return world;
}

std::string hex(char c) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
}

std::string keyText(const std::string& key) {
    for (const char quote : {'"', '\''}) {
        if (key.find(quote) == std::string::npos) {
            return quote + key + quote;
        }
    }
    return key;  // both quotes: it was written without
}

void write(std::string& out, const Map& map);

void write(std::string& out, const Value& value, const std::string& scalar) {
    if (const std::string* const text = value.string()) {
        out += '"';
        for (const char c : *text) {
            out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c) : hex(c);
        }
        out += '"';
    } else if (const Map* const map = value.map()) {
        out += "{\n";
        write(out, *map);
        out += "}";
    } else if (value.real() != nullptr) {
        char buffer[1500];
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): to_chars cannot ask for a point
        std::snprintf(buffer, sizeof buffer, "%.1100f", *value.real());
        out += buffer;
    } else {
        out += scalar;
    }
}

void writeValue(std::string& out, const Value& value) {
    if (const Array* const array = value.array()) {
        out += '[';
        for (const Value& item : *array) {
            writeValue(out, item);
            out += ',';
        }
        out += ']';
        return;
    }
    Map map;
    map.entries.push_back({"v", value});
    const Poco::AutoPtr<ConfigView> view(new ConfigView(map));
    write(out, value, view->getRawString("v", ""));
}

void write(std::string& out, const Map& map) {
    for (const Entry& entry : map.entries) {
        out += keyText(entry.key) + " = ";
        writeValue(out, entry.value);
        out += '\n';
    }
}

void checkView(const ConfigView& view, const std::string& prefix, const Value& value) {
    Poco::Util::AbstractConfiguration::Keys keys;
    view.keys(prefix, keys);
    const std::string before = prefix.empty() ? prefix : prefix + ".";
    std::size_t index = 0;
    const auto check = [&](const std::string& key, const Value& child) {
        require(index < keys.size() && keys[index] == key, "a child is not listed", key);
        ++index;
        if (key.empty() || key.find('.') != std::string::npos) {
            return;
        }
        require(view.find(before + key) == &child, "a child is not found", before + key);
        require(view.has(before + key) == (child.map() == nullptr && child.array() == nullptr),
                "a text where there is none, or none where there is one", before + key);
        checkView(view, before + key, child);
    };
    if (const Map* const map = value.map()) {
        for (const Entry& entry : map->entries) {
            check(entry.key, entry.value);
        }
    } else if (const Array* const array = value.array()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            check(std::to_string(i), (*array)[i]);
        }
    }
    require(index == keys.size(), "more children are listed than there are", prefix);
}

void checkMap(const Map& map) {
    const Value value(map, {});
    require(value.depth() <= 257, "deeper than allowed (CFG-58)");
    if (value.weight() > kMostWeight) {
        return;
    }
    // Between braces, where keys may begin with a slash (CFG-29).
    std::string text = "{\n";
    write(text, map);
    text += "}\n";
    std::vector<std::string> nothing{text};
    try {
        const Value again(parseText(text, "again", worldOf(nothing)), {});
        require(again == value, "written and read again it is another", text);
    } catch (const ParseError& error) {
        require(false, "written again it cannot be read", error.report() + "\n" + text);
    }
    const Poco::AutoPtr<ConfigView> view(new ConfigView(value));
    checkView(*view, "", value);
}

void checkError(const ParseError& error) {
    require(!error.message().empty(), "an error without text");
    const std::string report = error.report();
    for (const char c : report) {
        const auto byte = static_cast<unsigned char>(c);
        require((byte >= 0x20 && byte != 0x7F) || c == '\n', "a control character", report);
    }
    require(error.line() >= 1 && error.column() >= 1, "an error without place", report);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<std::string> parts = partsOf({reinterpret_cast<const char*>(data), size});
    try {
        checkMap(parseText(parts[0], "t", worldOf(parts)));
    } catch (const ParseError& error) {
        checkError(error);
    }
    return 0;
}
