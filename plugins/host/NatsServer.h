// NatsServer: the program as a Poco ServerApplication: from parsed options to the exit status.
//
// Poco gives the frame (its path, its life as a service); the arguments are CommandLine's, the
// signals SignalWait's, `--daemon` is Daemon's. Poco therefore never sees an argument: its own
// parser takes prefixes and bundles, and its `--daemon` would change to another directory and
// would not wait for the server.
//
// Threads: main only.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/daemon/Daemon.h"
#include "plugins/host/daemon/Notify.h"
#include "plugins/host/daemon/SignalWait.h"
#include "plugins/host/log/Logger.h"

#include <Poco/Util/ServerApplication.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::host {

class Server;

/// Poco's Application replaces the handlers of SEGV, BUS, ILL and SYS; this puts them back, so that
/// a crash leaves a core file, or a sanitizer's report.
class CrashHandlers {
public:
    CrashHandlers();
    void restore() const;

private:
    std::array<struct sigaction, 4> saved_;
};

class NatsServer final : private CrashHandlers, public Poco::Util::ServerApplication {
public:
    /// `daemon` is null when the process stays where it was started.
    NatsServer(Options options, bool listPlugins, SignalWait& signals, Daemon* daemon);

protected:
    int main(const std::vector<std::string>& arguments) override;

private:
    int printPlugins() const;
    int serve();
    /// Null: the log cannot be opened, and standard error says why.
    std::unique_ptr<Logger> openLog() const;
    bool start(Server& server, Logger& log) const;
    void serveUntilStopped(Server& server, Logger& log, const ServiceManager& manager);
    bool leaveCaller(Logger& log) const;

    Options options_;
    const bool listPlugins_;
    SignalWait& signals_;
    Daemon* const daemon_;
};

}  // namespace gnatsd::host
