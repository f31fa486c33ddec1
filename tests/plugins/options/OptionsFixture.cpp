#include "tests/plugins/options/OptionsFixture.h"

#include "plugins/host/CommandLine.h"
#include "plugins/host/conf/Parser.h"
#include "plugins/host/options/Tree.h"

#include <cppunit/TestAssert.h>

#include <algorithm>

namespace gnatsd::tests {

namespace {

std::string joined(const Words& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

host::LoadedOptions load(const host::options::HasPlugin& hasPlugin, const std::string& text,
                         const Words& arguments) {
    host::CommandLine line = host::CommandLine::parse(arguments);
    CPPUNIT_ASSERT_EQUAL(std::string(), line.errors);
    return host::buildOptions(host::conf::parseText(text, "x.conf"), std::move(line.flags),
                              hasPlugin);
}

/// Goes down maps and, by numbers, lists.
const host::conf::Value* find(const host::conf::Value& value, std::string_view path) {
    const std::size_t dot = path.find('.');
    const std::string step(path.substr(0, dot));
    const host::conf::Value* next = nullptr;
    if (const auto* map = value.map()) {
        const auto* entry = map->find(step);
        next = entry == nullptr ? nullptr : &entry->value;
    } else if (const auto* array = value.array()) {
        const auto index = static_cast<std::size_t>(std::stoul(step));
        next = index < array->size() ? &(*array)[index] : nullptr;
    }
    return next == nullptr || dot == std::string_view::npos ? next
                                                            : find(*next, path.substr(dot + 1));
}

}  // namespace

host::LoadedOptions loadText(const std::string& text, const Words& arguments) {
    return load([](std::string_view) { return true; }, text, arguments);
}

host::LoadedOptions loadWith(const Words& plugins, const std::string& text,
                             const Words& arguments) {
    return load(
        [&](std::string_view name) {
            return std::find(plugins.begin(), plugins.end(), name) != plugins.end();
        },
        text, arguments);
}

host::Options optionsOf(const std::string& text, const Words& arguments) {
    host::LoadedOptions loaded = loadText(text, arguments);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(), loaded.report());
    return std::move(loaded.options);
}

std::string errorsOf(const std::string& text, const Words& arguments) {
    return joined(loadText(text, arguments).errors);
}

void assertErrors(const Words& expected, const std::string& text, const Words& arguments) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, joined(expected), errorsOf(text, arguments));
}

std::string setting(const host::Options& options, const std::string& path) {
    const host::conf::Value root(options.settings, {});
    const host::conf::Value* value = find(root, path);
    return value == nullptr ? "-" : host::options::shown(*value);
}

}  // namespace gnatsd::tests
