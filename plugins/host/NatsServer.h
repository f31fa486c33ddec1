// NatsServer: the program as a Poco ServerApplication: from parsed options to the exit status.
//
// Poco gives the frame (its path, its life as a service); the arguments are CommandLine's, the
// signals SignalWait's. Poco therefore never sees an argument: its own parser takes prefixes and
// bundles, and its `--daemon` would fork before ours are read.
//
// Threads: main only.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/SignalWait.h"

#include <Poco/Util/ServerApplication.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

namespace gnatsd::host {

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
    NatsServer(Options options, bool listPlugins, SignalWait& signals);

protected:
    int main(const std::vector<std::string>& arguments) override;

private:
    int printPlugins() const;
    int serve();

    Options options_;
    const bool listPlugins_;
    SignalWait& signals_;
};

}  // namespace gnatsd::host
