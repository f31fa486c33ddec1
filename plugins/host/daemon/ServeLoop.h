// ServeLoop: the life of a started server: signals and the service manager's watchdog, one after
// the other, until something ends it.
//
// Threads: main. Lifetime: what the constructor gets outlives it.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/Server.h"
#include "plugins/host/daemon/Notify.h"
#include "plugins/host/daemon/SignalWait.h"
#include "plugins/host/daemon/Watchdog.h"
#include "plugins/host/log/Logger.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

namespace gnatsd::host {

class ServeLoop {
public:
    /// Reads the configuration anew; throws Poco::Exception, one line for each problem.
    using ReadOptions = std::function<Options()>;

    ServeLoop(Server& server, Logger& log, SignalWait& signals, Notify& notify,
              ReadOptions readOptions);

    ServeLoop(const ServeLoop&) = delete;
    ServeLoop& operator=(const ServeLoop&) = delete;

    /// Tells the service manager that clients are served, and returns when the server is to stop.
    /// `watchdog`: the time after which the manager misses a sign of life; 0: it does not look.
    void run(std::chrono::microseconds watchdog);

private:
    /// False: stop.
    bool handle(Event event);
    void reload();
    void enterLameDuck();
    std::string status() const;

    Server& server_;
    Logger& log_;
    SignalWait& signals_;
    Notify& notify_;
    const ReadOptions readOptions_;
    bool lameDuck_ = false;
    std::atomic<bool> lameDuckOver_{false};
};

}  // namespace gnatsd::host
