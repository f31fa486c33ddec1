#include "plugins/plugintest/Setup.h"

#include "plugins/host/PluginProblem.h"
#include "plugins/host/options/LoadOptions.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/PluginBlocks.h"
#include "plugins/host/options/Problems.h"

#include <Poco/Exception.h>

#include <algorithm>

namespace gnatsd::plugintest {

Setup::Setup(const Flags& flags, std::string executable)
    : flags_(flags), executable_(std::move(executable)) {}

void Setup::set(const std::vector<std::pair<std::string, std::string>>& settings) {
    flags_.settings.insert(flags_.settings.end(), settings.begin(), settings.end());
}

/// The options of a server with that file and those plug-ins.
host::Options Setup::read(const std::vector<std::string>& listed) const {
    std::vector<host::GivenFlag> given;
    for (const std::string& one : listed) {
        const std::string flag = "plugin";
        const host::options::FlagRow row = host::options::findFlag(flag);
        given.push_back({row.key, row.block, flag,
                         host::conf::Value(host::pluginName(one), host::options::flagPlace(flag))});
    }
    host::LoadedOptions loaded = host::loadOptions(flags_.config, std::move(given));
    if (!loaded.isGood()) {
        throw Poco::DataFormatException(host::inLines(loaded.errors));
    }
    loaded.options.executable = executable_;
    // The file may list more, and this one by its name.
    loaded.options.plugins = listed;
    if (!flags_.pluginDir.empty()) {
        loaded.options.pluginDir = flags_.pluginDir;
    }
    return std::move(loaded.options);
}

std::vector<host::PluginSpec> Setup::specs() const {
    std::vector<std::string> listed = flags_.with;
    listed.push_back(flags_.module);
    host::Options options = read(listed);
    const std::string name = host::pluginName(flags_.module);
    for (const auto& [key, value] : flags_.settings) {
        options.pluginSettings.push_back({name, key, value});
    }
    const auto isWanted = [&](const host::PluginSpec& spec) {
        return std::any_of(listed.begin(), listed.end(), [&](const std::string& one) {
            return host::pluginName(one) == spec.name;
        });
    };
    std::vector<host::PluginSpec> specs =
        host::pluginSpecs(options, host::options::pluginBlocks(options));
    // Those of the product that run in every server, such as ports, have no part in this.
    std::erase_if(specs, [&](const host::PluginSpec& spec) { return !isWanted(spec); });
    return specs;
}

}  // namespace gnatsd::plugintest
