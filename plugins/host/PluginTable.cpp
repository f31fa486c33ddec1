#include "plugins/host/PluginTable.h"

#include "plugins/host/PluginLoader.h"
#include "plugins/host/StandardPlugins.h"

#include <algorithm>
#include <array>
#include <vector>

namespace gnatsd::host {

namespace {

using Row = std::array<std::string, 5>;

Row rowOf(const PluginSpec& spec, const char* state) {
    const PluginLoader loader(spec);
    const PluginLoader::Findings& found = loader.findings();
    const auto orDash = [](const std::string& text) { return text.empty() ? "-" : text; };
    std::string outcome = state;
    if (found.isMissing) {
        outcome = "missing";
    } else if (!found.problem.empty()) {
        outcome = "refused: " + found.problem;
    }
    return {found.name, orDash(found.version), orDash(found.abi), found.file, outcome};
}

std::string aligned(const std::vector<Row>& rows) {
    Row::size_type width[std::tuple_size_v<Row>] = {};
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            width[i] = std::max(width[i], row[i].size());
        }
    }
    std::string text;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i];
            if (i + 1 < row.size()) {
                text.append(width[i] - row[i].size() + 2, ' ');
            }
        }
        text += '\n';
    }
    return text;
}

}  // namespace

std::string pluginTable(const Options& options, const ConfigBlocks& blocks) {
    const std::vector<PluginSpec> active = pluginSpecs(options, blocks);
    const auto isActive = [&](const std::string& name) {
        return std::any_of(active.begin(), active.end(),
                           [&](const PluginSpec& spec) { return spec.name == name; });
    };
    Options everything = options;
    for (const StandardPlugin& plugin : standardPlugins()) {
        everything.plugins.emplace_back(plugin.name);
    }
    std::vector<Row> rows = {{"NAME", "VERSION", "ABI", "FILE", "STATE"}};
    for (const PluginSpec& spec : pluginSpecs(everything, blocks)) {
        rows.push_back(rowOf(spec, isActive(spec.name) ? "on" : "available"));
    }
    return aligned(rows);
}

}  // namespace gnatsd::host
