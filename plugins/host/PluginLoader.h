// PluginLoader: a module's file, checked, and the plug-in's class made from it.
//
// A library is opened with local symbol scope and never unloaded. Its descriptor, constant data,
// is read and compared before any of its C++ is called. Poco::ClassLoader is not used: it opens
// libraries with global scope, where classes of the same name run each other's code.
//
// Threads: main only.
// Lifetime: descriptors live as long as the process.

#pragma once

#include "plugins/host/PluginSpec.h"
#include <gnatsd/Plugin.h>

#include <memory>
#include <string>

namespace gnatsd::host {

class PluginLoader {
public:
    /// What was learnt about one plug-in; `problem` is "found X, wanted Y" or empty.
    struct Findings {
        std::string name;  // as listed
        std::string file;  // or "built in"
        std::string version;
        std::string abi;
        sdk::RunLevel runLevel = sdk::RunLevel::clients;
        bool isMissing = false;
        std::string problem;

        /// One line: plug-in, file, problem.
        std::string line() const;
    };

    explicit PluginLoader(const PluginSpec& spec);

    const Findings& findings() const noexcept { return findings_; }

    /// Throws HostError when the library does not make the class that its descriptor names; what
    /// the constructor throws passes through. Requires: no problem was found.
    std::unique_ptr<sdk::Plugin> create() const;

private:
    using BuildManifest = bool (*)(Poco::ManifestBase*);

    bool checkFile();
    bool openLibrary();
    bool checkDescriptor();
    void takeBuiltin();

    Findings findings_;
    const sdk::Descriptor* descriptor_ = nullptr;
    const sdk::BuiltinPlugin* builtin_ = nullptr;
    BuildManifest buildManifest_ = nullptr;
};

}  // namespace gnatsd::host
