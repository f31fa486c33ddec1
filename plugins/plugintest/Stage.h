// Stage: the plug-ins under test in the server's own host, with the chain that asks them: a server
// without network.
//
// Threads: main only; the chain may be asked from any.
// Lifetime: the log outlives it. The destructor stops what runs.

#pragma once

#include "kernel/Log.h"
#include "plugins/host/AuthChain.h"
#include "plugins/host/PluginHost.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/host/auth/Settings.h"
#include <gnatsd/ServiceRegistry.h>

#include <vector>

namespace gnatsd::plugintest {

class Stage {
public:
    /// Loads, starts and opens. Throws Poco::Exception, message() one line for each problem.
    Stage(std::vector<host::PluginSpec> specs, kernel::Log& log,
          const host::auth::Settings& settings);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    /// All or nothing, as the server does it. Throws as the constructor.
    void reload(const std::vector<host::PluginSpec>& specs);

    host::AuthChain& chain() noexcept { return chain_; }

private:
    host::PluginHost host_;
    host::AuthChain chain_;
    sdk::Registration everybody_;
};

}  // namespace gnatsd::plugintest
