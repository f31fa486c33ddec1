// The rows of `plugins` and the flags about external plug-ins (ours). Any other key of the block is
// the name of a plug-in and its settings, which only that plug-in understands.

#include "plugins/host/options/PluginKeys.h"

#include "kernel/Text.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <utility>

namespace gnatsd::host::options {

namespace {

constexpr FlagGroup kPlugins = FlagGroup::plugins;

std::string_view checkNames(std::string_view text) {
    const bool right = !text.empty() && text.front() != ',' && text.back() != ',' &&
                       text.find(",,") == std::string_view::npos;
    return right ? std::string_view() : "expected plug-in names, separated by commas";
}

std::string_view checkSetting(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::size_t dot = text.substr(0, equals).find('.');
    const bool right = equals != std::string_view::npos && dot != std::string_view::npos &&
                       dot != 0 && dot + 1 != equals;
    return right ? std::string_view() : "expected NAME.KEY=VALUE";
}

void append(conf::Map& tree, std::string_view path, std::string_view text,
            const conf::Place& place) {
    const conf::Value* before = get(tree, path);
    conf::Array items = before == nullptr ? conf::Array() : *before->array();
    items.emplace_back(std::string(text), place);
    put(tree, path, conf::Value(std::move(items), place));
}

/// Adds to what the file lists.
void mergePlugins(conf::Map& tree, const conf::Value& value, Problems&) {
    for (std::string_view rest = *value.string(); !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        append(tree, "plugins.load", rest.substr(0, comma), value.place());
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
}

void mergeSetting(conf::Map& tree, const conf::Value& value, Problems&) {
    append(tree, "plugins.set", *value.string(), value.place());
}

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"load"}, .kind = Kind::texts,
     .flag = {{"plugin"}, kPlugins, "<name,...>", "Load external plug-ins; may be repeated",
              mergePlugins, Ask::nothing, checkNames}},
    {.names = {"dir"},
     .flag = {{"plugin_dir"}, kPlugins, "<dir>",
              "Folder of the plug-ins (default: next to the program)"}},
    {.flag = {{"plugin_set"}, kPlugins, "<name.key=val>", "Configure a plug-in; may be repeated",
              mergeSetting, Ask::nothing, checkSetting}, .secret = true},
};
// clang-format on

constexpr Block kBlock{"plugins", {kKeys}};

}  // namespace

void readPlugins(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Map* map = readMap(entry, reading);
    if (map == nullptr) {
        return;
    }
    conf::Map plugins;
    conf::Map settings;
    Reading inner{plugins, reading.problems, "plugins"};
    for (const conf::Entry& item : map->entries) {
        if (const Key* row = kBlock.find(item.key)) {
            readEntry(*row, item, inner);
        } else if (item.value.map() != nullptr) {
            settings.entries.push_back({item.key, item.value, false});
        } else if (!item.used) {
            reading.problems.error(item.value.place(),
                                   "expected a map of settings for the plug-in " +
                                       kernel::quote(item.key) + ", got " + item.value.typeName());
        }
    }
    put(plugins, "settings", conf::Value(std::move(settings), entry.value.place()));
    put(reading.out, key.name(), conf::Value(std::move(plugins), entry.value.place()));
}

const Block& pluginsBlock() {
    return kBlock;
}

}  // namespace gnatsd::host::options
