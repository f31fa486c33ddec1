#include "tests/plugins/conf/ConfFixture.h"

#include "plugins/host/conf/ConfigView.h"

#include <Poco/AutoPtr.h>
#include <cppunit/TestAssert.h>

#include <cstdio>

namespace gnatsd::tests {

namespace conf = host::conf;

namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            char buffer[8];
            std::snprintf(buffer, sizeof buffer, "\\u%04x", byte);
            out += buffer;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string textOf(const conf::Value& scalar) {
    conf::Map map;
    map.entries.push_back({"v", scalar});
    return Poco::AutoPtr<conf::ConfigView>(new conf::ConfigView(map))->getRawString("v");
}

}  // namespace

conf::Environment worldOf(const TextMap& variables, const TextMap& files) {
    conf::Environment world;
    world.get = [variables](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    world.read = [files](const std::string& path) {
        const auto found = files.find(path);
        if (found == files.end()) {
            throw Poco::FileNotFoundException("open " + path + ": no such file or directory");
        }
        return found->second;
    };
    return world;
}

std::string print(const conf::Map& map) {
    std::map<std::string, std::string> sorted;
    for (const conf::Entry& entry : map.entries) {
        sorted[entry.key] = print(entry.value);
    }
    std::string text = "{";
    for (const auto& [key, value] : sorted) {
        text += (text.size() > 1 ? "," : "") + quoted(key) + ":" + value;
    }
    return text + "}";
}

std::string print(const conf::Value& value) {
    if (const conf::Map* const map = value.map()) {
        return print(*map);
    }
    if (const conf::Array* const array = value.array()) {
        std::string text = "[";
        for (const conf::Value& item : *array) {
            text += (text.size() > 1 ? "," : "") + print(item);
        }
        return text + "]";
    }
    if (const std::string* const string = value.string()) {
        return quoted(*string);
    }
    const std::string text = textOf(value);
    if (std::holds_alternative<conf::Date>(value.data())) {
        return "{\"$date\":" + quoted(text) + "}";
    }
    const bool whole = text.find_first_of(".e") == std::string::npos;
    return text + (value.real() != nullptr && whole ? ".0" : "");
}

std::string outcome(std::string_view text, const TextMap& variables, const TextMap& files) {
    try {
        return print(conf::parseText(text, "t.conf", worldOf(variables, files)));
    } catch (const conf::ParseError& error) {
        return "error: " + error.message();
    }
}

conf::ParseError errorOf(std::string_view text, const TextMap& variables, const TextMap& files) {
    try {
        const conf::Map map = conf::parseText(text, "t.conf", worldOf(variables, files));
        CPPUNIT_FAIL("parsed to " + print(map));
    } catch (const conf::ParseError& error) {
        return error;
    }
    throw Poco::IllegalStateException();
}

}  // namespace gnatsd::tests
