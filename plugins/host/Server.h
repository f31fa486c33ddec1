// Server: a whole server, from options to served clients and back: kernel, reactors and plug-ins in
// the order in which they need each other. The program has one; a test may have several.
//
// Threads: main, or the one thread of a test; broker() may be used from any.
// Lifetime: the log outlives it. The destructor stops what runs.

#pragma once

#include "kernel/Broker.h"
#include "kernel/Log.h"
#include "kernel/ServerInfo.h"
#include "plugins/host/AuthChain.h"
#include "plugins/host/LameDuck.h"
#include "plugins/host/Options.h"
#include "plugins/host/PluginHost.h"
#include "plugins/host/daemon/PortsFile.h"
#include "transports/reactor/Poller.h"
#include "transports/reactor/ReactorPool.h"
#include <gnatsd/ServiceRegistry.h>

#include <functional>
#include <memory>
#include <vector>

namespace gnatsd::host {

/// What the options say about the chain of authenticators.
auth::Settings authSettings(const Options& options);

class Server {
public:
    Server(Options options, kernel::Log& log,
           reactor::PollerKind poller = reactor::PollerKind::best,
           reactor::Placement placement = reactor::Placement::packed);
    ~Server();

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Returns when clients are served. Throws Poco::Exception, message() one line for each
    /// problem, after undoing what was done; nobody was served then.
    void start();

    /// Closes the ports, gives queued output a moment to go out, ends all connections.
    void stop() noexcept;

    /// Goes over to other options, all or nothing (OPT-201 to OPT-222): throws Poco::Exception, one
    /// line for each problem, and stays as it is. What changed is logged. `switchLog` opens another
    /// log and throws if it cannot; it is called again with the old settings if the rest fails.
    /// Requires: started.
    void reload(Options next, const std::function<void(const LogSettings&)>& switchLog);

    /// Says goodbye slowly (CLI-86); `done` is called, from another thread, when stop() is due.
    /// Requires: started. A second call has no effect.
    void enterLameDuck(std::function<void()> done);

    /// Where clients can connect, in the order of the options, with the real ports.
    /// Requires: started.
    std::vector<kernel::ClientAddress> ports() const { return broker_->clientAddresses(); }

    kernel::Broker& broker() noexcept { return *broker_; }
    /// Requires: started.
    reactor::ReactorPool& reactors() noexcept { return *pool_; }

private:
    void checkPorts() const;
    void announce(const kernel::ServerInfo& info);
    void create(kernel::ServerInfo info);
    void writePid();
    void writePorts();
    void advertise();
    void apply(Options next);
    void closeSurplus();

    Options options_;
    kernel::Log& log_;
    const reactor::PollerKind poller_;
    const reactor::Placement placement_;

    // Each uses those before it.
    std::unique_ptr<PluginHost> plugins_;
    std::unique_ptr<AuthChain> auth_;
    std::shared_ptr<kernel::Broker> broker_;      // pinned by plug-ins while they are started
    std::shared_ptr<reactor::ReactorPool> pool_;  // the same
    std::vector<sdk::Registration> registrations_;
    std::unique_ptr<LameDuck> lameDuck_;
    PortsFile portsFile_;
};

}  // namespace gnatsd::host
