#include "plugins/host/options/LoadOptions.h"

#include "plugins/host/StandardPlugins.h"
#include "plugins/host/conf/ParseError.h"
#include "plugins/host/conf/Parser.h"
#include "plugins/host/options/Merge.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <Poco/Exception.h>

#include <chrono>
#include <cmath>
#include <utility>

namespace gnatsd::host {

namespace {

using options::Key;
using options::Problems;

constexpr double kTlsSeconds = 2;  // OPT-114

void fillMembers(Options& filled) {
    for (const conf::Entry& entry : filled.settings.entries) {
        const Key* key = options::topBlock().find(entry.key);
        if (key != nullptr && key->member.set != nullptr) {
            key->member.set(filled, entry.value);
        }
    }
}

/// OPT-63: a TLS handshake comes first and takes its own time.
void fillAuthTimeout(Options& filled) {
    double seconds = options::realAt(filled.settings, "authorization.timeout");
    if (seconds == 0 && filled.settings.find("tls") != nullptr) {
        seconds = options::realAt(filled.settings, "tls.timeout", kTlsSeconds) + 1;
    }
    if (seconds != 0) {
        filled.limits.authTimeout =
            std::chrono::milliseconds(std::llround(std::ceil(seconds * 1000)));
    }
}

void fillPlugins(Options& filled) {
    filled.pluginDir = options::textAt(filled.settings, "plugins.dir");
    if (const conf::Value* load = options::get(filled.settings, "plugins.load")) {
        for (const conf::Value& name : *load->array()) {
            filled.plugins.push_back(*name.string());
        }
    }
    if (const conf::Value* set = options::get(filled.settings, "plugins.set")) {
        for (const conf::Value& item : *set->array()) {
            const std::string& text = *item.string();
            const std::size_t dot = text.find('.');
            const std::size_t equals = text.find('=', dot);
            filled.pluginSettings.push_back({text.substr(0, dot),
                                             text.substr(dot + 1, equals - dot - 1),
                                             text.substr(equals + 1)});
        }
    }
}

LoadedOptions build(const conf::Map& file, std::vector<GivenFlag> flags,
                    const options::HasPlugin& hasPlugin) {
    LoadedOptions loaded;
    Options& filled = loaded.options;
    Problems problems;
    options::Reading reading{filled.settings, problems, ""};
    options::readBlock(options::topBlock(), file, reading);
    options::mergeFlags(flags, filled.settings, problems);
    options::complete(filled.settings);
    filled.flags = std::move(flags);
    fillMembers(filled);
    fillAuthTimeout(filled);
    fillPlugins(filled);
    options::checkTogether(filled, problems);
    options::checkPlugins(filled.settings, hasPlugin, problems);
    filled.notices = problems.notices();
    loaded.errors = problems.errors();
    loaded.warnings = problems.warnings();
    return loaded;
}

}  // namespace

std::string LoadedOptions::report() const {
    std::string text;
    for (const auto* lines : {&errors, &warnings}) {
        for (const std::string& line : *lines) {
            text += (text.empty() ? "gnatsd: " : "") + line + "\n";
        }
    }
    return text;
}

LoadedOptions loadOptions(const std::string& configFile, std::vector<GivenFlag> flags,
                          const options::HasPlugin& hasPlugin) {
    LoadedOptions loaded;
    try {
        loaded = build(configFile.empty() ? conf::Map() : conf::parseFile(configFile),
                       std::move(flags), hasPlugin);
    } catch (const conf::ParseError& error) {
        loaded.errors.push_back(error.report());
    }
    loaded.options.configFile = configFile;
    return loaded;
}

LoadedOptions loadOptions(const std::string& configFile, std::vector<GivenFlag> flags) {
    return loadOptions(configFile, std::move(flags),
                       [](std::string_view name) { return findStandardPlugin(name) != nullptr; });
}

LoadedOptions buildOptions(const conf::Map& file, std::vector<GivenFlag> flags,
                           const options::HasPlugin& hasPlugin) {
    return build(file, std::move(flags), hasPlugin);
}

Options readAgain(const Options& running) {
    if (running.configFile.empty()) {
        throw Poco::DataFormatException(
            "can only reload config when a file is provided using -c or --config");
    }
    LoadedOptions loaded = loadOptions(running.configFile, running.flags);
    if (!loaded.isGood()) {
        std::string lines;
        for (const std::string& error : loaded.errors) {
            lines += lines.empty() ? error : "\n" + error;
        }
        throw Poco::DataFormatException(lines);
    }
    loaded.options.executable = running.executable;
    return std::move(loaded.options);
}

}  // namespace gnatsd::host
