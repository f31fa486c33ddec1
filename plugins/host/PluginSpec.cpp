#include "plugins/host/PluginSpec.h"

#include "plugins/host/HostError.h"
#include "plugins/host/OverlaidConfig.h"
#include "plugins/host/StandardPlugins.h"
#include "plugins/host/options/PluginBlocks.h"

#include <Poco/Util/MapConfiguration.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace gnatsd::host {

namespace {

namespace fs = std::filesystem;

#if defined(_WIN32)
constexpr std::string_view kPrefix = "";
constexpr std::string_view kSuffix = ".dll";
#elif defined(__APPLE__)
constexpr std::string_view kPrefix = "lib";
constexpr std::string_view kSuffix = ".dylib";
#else
constexpr std::string_view kPrefix = "lib";
constexpr std::string_view kSuffix = ".so";
#endif

bool isPath(std::string_view text) {
    return text.find('/') != std::string_view::npos ||
           text.find(fs::path::preferred_separator) != std::string_view::npos ||
           text.ends_with(kSuffix);
}

std::string nameFromPath(const fs::path& path) {
    std::string name = path.stem().string();
    if (!kPrefix.empty() && name.starts_with(kPrefix)) {
        name.erase(0, kPrefix.size());
    }
    return name;
}

/// The first folder that has the module; else the path in the first folder, for the message.
std::string locate(const std::string& name, const Options& options, const fs::path& standard) {
    std::vector<fs::path> folders;
    if (!options.pluginDir.empty()) {
        folders.emplace_back(options.pluginDir);
    }
    folders.push_back(standard);
    for (const fs::path& folder : folders) {
        std::error_code ignored;
        if (const fs::path file = folder / moduleFileName(name); fs::exists(file, ignored)) {
            return file.string();
        }
    }
    return (folders.front() / moduleFileName(name)).string();
}

PluginSpec standardSpec(const StandardPlugin& plugin, const fs::path& folder,
                        const ConfigBlocks& blocks) {
    PluginSpec spec;
    spec.name = plugin.name;
    if (findBuiltin(spec.name) == nullptr) {
        spec.path = (folder / moduleFileName(spec.name)).string();
    }
    if (const auto block = blocks.find(plugin.block); block != blocks.end()) {
        spec.config = new OverlaidConfig(block->second);
    } else {
        spec.config = new OverlaidConfig(new Poco::Util::MapConfiguration);
    }
    return spec;
}

PluginSpec listedSpec(const std::string& text, const Options& options, const fs::path& standard) {
    PluginSpec spec;
    if (isPath(text)) {
        spec.name = nameFromPath(text);
        spec.path = text;
    } else {
        spec.name = text;
        spec.path = locate(text, options, standard);
    }
    spec.config = new OverlaidConfig(options::externalBlock(options, spec.name));
    return spec;
}

PluginSpec* findSpec(std::vector<PluginSpec>& specs, std::string_view name) {
    const auto found = std::find_if(specs.begin(), specs.end(),
                                    [&](const PluginSpec& spec) { return spec.name == name; });
    return found == specs.end() ? nullptr : &*found;
}

}  // namespace

std::vector<PluginSpec> pluginSpecs(const Options& options, const ConfigBlocks& blocks) {
    const fs::path folder = standardPluginFolder(options.executable);
    std::vector<PluginSpec> specs;
    for (const StandardPlugin& plugin : standardPlugins()) {
        if (plugin.isAlwaysOn() || blocks.contains(plugin.block) ||
            std::count(options.plugins.begin(), options.plugins.end(), plugin.name) > 0) {
            specs.push_back(standardSpec(plugin, folder, blocks));
        }
    }
    for (const std::string& text : options.plugins) {
        if (findStandardPlugin(text) != nullptr) {
            continue;
        }
        PluginSpec spec = listedSpec(text, options, folder);
        if (const PluginSpec* other = findSpec(specs, spec.name)) {
            throw HostError("Plug-in " + spec.name + ": " + spec.path + ": found the name twice (" +
                            (other->path.empty() ? "built in" : other->path) +
                            "), wanted one plug-in of each name");
        }
        specs.push_back(std::move(spec));
    }
    for (const PluginSetting& setting : options.pluginSettings) {
        PluginSpec* spec = findSpec(specs, setting.plugin);
        if (spec == nullptr) {
            throw HostError("Plug-in " + setting.plugin + ": found a setting '" + setting.key +
                            "' for it, wanted the plug-in in the list too (--plugin " +
                            setting.plugin + ")");
        }
        spec->config->setString(setting.key, setting.value);
    }
    return specs;
}

std::string pluginName(const std::string& listed) {
    return isPath(listed) ? nameFromPath(listed) : listed;
}

std::string moduleFileName(std::string_view name) {
    std::string file(kPrefix);
    file += name;
    file += kSuffix;
    return file;
}

std::string standardPluginFolder(const std::string& executable) {
    std::error_code failed;
    fs::path program = fs::canonical(executable, failed);
    if (failed) {
        program = fs::absolute(executable);
    }
    return (program.parent_path().parent_path() / "lib" / "gnatsd" / "plugins").string();
}

}  // namespace gnatsd::host
