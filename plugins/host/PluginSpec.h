// PluginSpec: one plug-in that this run shall have, and where it is. pluginSpecs() finds them:
// the standard ones of StandardPlugins, then those that the command line lists.
//
// A module's file name follows from its name; folders are never scanned, and nothing that was not
// asked for is opened.
//
// Threads: main only.

#pragma once

#include "plugins/host/Options.h"
#include <gnatsd/Plugin.h>

#include <Poco/AutoPtr.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::host {

using ConfigPtr = Poco::AutoPtr<sdk::Config>;

struct PluginSpec {
    std::string name;
    std::string path;      // empty: built into the program
    ConfigPtr config;      // never null
    bool required = true;  // whether the server starts without its file
};

/// Configuration blocks by name. A standard plug-in gets the block that switches it on.
using ConfigBlocks = std::map<std::string, ConfigPtr, std::less<>>;

/// All plug-ins of this run: standard ones whose block is present or that are always on, then
/// `options.plugins`, each with its `options.pluginSettings`.
/// Throws HostError for a name given twice and for a setting that belongs to no plug-in.
std::vector<PluginSpec> pluginSpecs(const Options& options, const ConfigBlocks& blocks = {});

/// The name of an external plug-in that is listed like this: a name, or the path of its file.
std::string pluginName(const std::string& listed);

/// `libNAME.so`, `NAME.dll`, ...
std::string moduleFileName(std::string_view name);

/// Where the standard modules are: `../lib/gnatsd/plugins` seen from the executable's folder,
/// links resolved.
std::string standardPluginFolder(const std::string& executable);

}  // namespace gnatsd::host
