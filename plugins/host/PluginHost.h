// PluginHost: the only code that calls plug-ins' lifecycle. load() finds, checks, creates and
// configures them all; start() starts them by run level; open(), quiesce(), stop() and destroy()
// follow. Every call into a plug-in goes through the barrier.
//
// Threads: main only. The registry may be used from any thread.
// Lifetime: what plug-ins use through the registry (broker, reactors) must outlive stop().

#pragma once

#include "kernel/Log.h"
#include "plugins/host/PluginLoader.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/host/RegistryImpl.h"
#include <gnatsd/Plugin.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::host {

class PluginReload;
class TrackedConfig;

class PluginHost {
public:
    PluginHost(std::vector<PluginSpec> specs, kernel::Log& log);

    /// Does what is left of quiesce, stop and destroy.
    ~PluginHost();
    PluginHost(const PluginHost&) = delete;
    PluginHost& operator=(const PluginHost&) = delete;

    /// The host's own view: here it provides the broker and looks authenticators up.
    sdk::ServiceRegistry& registry() noexcept { return *registryView_; }

    /// Throws HostError with one line for each problem of each plug-in. Starts none.
    void load();

    /// Starts by run level, in the given order within one. When one fails, those that have
    /// started are stopped again in reverse, and HostError says which and why.
    /// Requires: load() succeeded.
    void start();

    void open() noexcept;
    void quiesce() noexcept;

    /// Stops in reverse; what a plug-in left in the registry is revoked and logged.
    void stop() noexcept;

    /// Asks every plug-in to accept its part of the new configuration; nothing takes effect before
    /// commit(). Throws HostError with one line for each problem of each plug-in.
    /// Requires: open.
    std::unique_ptr<PluginReload> prepareReload(const std::vector<PluginSpec>& specs);

    /// Requires: stopped, and nobody else uses what the plug-ins made.
    void destroy() noexcept;

private:
    friend class PluginReload;

    class Context;
    enum class State { created, started, open };

    struct Running {
        std::string name;
        std::string file;
        sdk::RunLevel runLevel;
        State state = State::created;
        ConfigPtr config;
        std::unique_ptr<sdk::PluginContext> context;
        std::unique_ptr<sdk::Plugin> plugin;  // goes before the context that it may refer to
    };

    void loadOne(const PluginSpec& spec, std::vector<Running>& loaded,
                 std::vector<std::string>& problems);
    void warnUnread(const std::string& name, const TrackedConfig& config);
    void sortByRunLevel();
    void startOne(Running& running);
    void openOne(Running& running) noexcept;
    void quiesceOne(Running& running) noexcept;
    void stopOne(Running& running) noexcept;
    void callAndLog(const Running& running, const char* step,
                    const std::function<void()>& call) noexcept;

    std::vector<PluginSpec> specs_;  // until load()
    kernel::Log& log_;
    RegistryImpl registry_;
    const std::unique_ptr<sdk::ServiceRegistry> registryView_;
    std::vector<Running> plugins_;  // in start order
};

}  // namespace gnatsd::host
