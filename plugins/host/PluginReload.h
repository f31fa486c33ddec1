// PluginReload: new settings that all plug-ins have accepted, ready to take effect together. Made
// by PluginHost::prepareReload(); without commit() nothing happens.
//
// Plug-ins of run level auth may come and go with a reload; all others need a restart for that.
//
// Threads: main only.
// Lifetime: one at a time, shorter than the host that made it.

#pragma once

#include "plugins/host/PluginHost.h"
#include <gnatsd/Reconfiguration.h>

#include <memory>
#include <string>
#include <vector>

namespace gnatsd::host {

class PluginReload {
public:
    ~PluginReload();
    PluginReload(const PluginReload&) = delete;
    PluginReload& operator=(const PluginReload&) = delete;

    /// Starts the plug-ins that come, switches those that stay, stops those that go. Throws
    /// HostError when one does not start: everything is then as it was before.
    /// Requires: called once.
    void commit();

private:
    friend class PluginHost;

    struct Prepared {
        std::size_t index;  // in the host's list
        std::unique_ptr<sdk::Reconfiguration> change;
        ConfigPtr config;
    };

    PluginReload(PluginHost& host, const std::vector<PluginSpec>& specs);

    void prepareOne(std::size_t index, const PluginSpec& spec);
    void addOne(const PluginSpec& spec);
    void findRemoved(const std::vector<PluginSpec>& specs);
    void startAdded();
    void removeAndJoin() noexcept;

    PluginHost& host_;
    std::vector<Prepared> prepared_;
    std::vector<PluginHost::Running> added_;
    std::vector<std::string> removed_;
    std::vector<std::string> problems_;
};

}  // namespace gnatsd::host
