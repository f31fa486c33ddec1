// Setup: which plug-ins run with which settings. A value: a reload is made with a changed copy.
//
// Threads: main only.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/plugintest/Flags.h"

#include <string>
#include <utility>
#include <vector>

namespace gnatsd::plugintest {

class Setup {
public:
    /// `executable`: this program's path; the installed plug-ins are found from there.
    Setup(const Flags& flags, std::string executable);

    void useFile(const std::string& file) { flags_.config = file; }
    void set(const std::vector<std::pair<std::string, std::string>>& settings);

    /// Reads the file anew. Throws Poco::Exception, message() one line for each problem.
    std::vector<host::PluginSpec> specs() const;

private:
    host::Options read(const std::vector<std::string>& listed) const;

    Flags flags_;
    std::string executable_;
};

}  // namespace gnatsd::plugintest
