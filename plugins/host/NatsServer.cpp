#include "plugins/host/NatsServer.h"

#include "kernel/Check.h"
#include "plugins/host/DescriptorLimit.h"
#include "plugins/host/HostError.h"
#include "plugins/host/PluginTable.h"
#include "plugins/host/Server.h"
#include "plugins/host/daemon/ServeLoop.h"
#include "plugins/host/log/LogChannel.h"
#include "plugins/host/log/Logger.h"
#include "plugins/host/log/SinkFactory.h"
#include "plugins/host/options/LoadOptions.h"
#include "plugins/host/options/PluginBlocks.h"

#include <Poco/AutoPtr.h>
#include <Poco/Logger.h>
#include <Poco/NullChannel.h>

#include <array>
#include <exception>
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

namespace gnatsd::host {

namespace {

constexpr int kFailed = 1;  // CLI-64 to CLI-69
constexpr std::array<int, 4> kCrashSignals{SIGSEGV, SIGBUS, SIGILL, SIGSYS};

/// What Poco logs by itself goes where our lines go, while this lives.
class PocoLogs {
public:
    explicit PocoLogs(kernel::Log& log)
        : channel_(new LogChannel(log)), nowhere_(new Poco::NullChannel) {
        Poco::Logger::setChannel("", channel_);
    }
    ~PocoLogs() { Poco::Logger::setChannel("", nowhere_); }
    PocoLogs(const PocoLogs&) = delete;
    PocoLogs& operator=(const PocoLogs&) = delete;

private:
    const Poco::AutoPtr<Poco::Channel> channel_;
    const Poco::AutoPtr<Poco::Channel> nowhere_;
};

std::vector<std::string> linesOf(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

}  // namespace

CrashHandlers::CrashHandlers() : saved_() {
    for (std::size_t i = 0; i < kCrashSignals.size(); ++i) {
        ::sigaction(kCrashSignals[i], nullptr, &saved_[i]);
    }
}

void CrashHandlers::restore() const {
    for (std::size_t i = 0; i < kCrashSignals.size(); ++i) {
        ::sigaction(kCrashSignals[i], &saved_[i], nullptr);
    }
}

NatsServer::NatsServer(Options options, bool listPlugins, SignalWait& signals, Daemon* daemon)
    : options_(std::move(options)), listPlugins_(listPlugins), signals_(signals), daemon_(daemon) {
    CrashHandlers::restore();
}

int NatsServer::main(const std::vector<std::string>&) {
    options_.executable = config().getString("application.path");
    if (listPlugins_) {
        return printPlugins();
    }
    const int status = serve();
    if (daemon_ != nullptr) {
        daemon_->failed(status);
    }
    return status;
}

int NatsServer::printPlugins() const {
    try {
        std::cout << pluginTable(options_, options::pluginBlocks(options_)) << std::flush;
        return EXIT_OK;
    } catch (const Poco::Exception& error) {
        std::cerr << "gnatsd: " << error.message() << '\n';
        return kFailed;
    }
}

int NatsServer::serve() {
    const ServiceManager manager = ServiceManager::takeFromEnvironment();
    const std::unique_ptr<Logger> log = openLog();
    if (log == nullptr) {
        return kFailed;
    }
    const kernel::CheckLog checkLog(*log);
    const PocoLogs pocoLogs(*log);
    raiseDescriptorLimit();

    Server server(options_, *log);
    if (!start(server, *log) || !leaveCaller(*log)) {
        return kFailed;
    }
    serveUntilStopped(server, *log, manager);
    return EXIT_OK;
}

std::unique_ptr<Logger> NatsServer::openLog() const {
    try {
        auto log = std::make_unique<Logger>(options_.log, options_.executable);
        log->setDebug(options_.debug);
        log->setTrace(options_.trace);
        return log;
    } catch (const HostError& error) {
        std::cerr << startErrorLine(error.message()) << '\n';
        return nullptr;
    }
}

bool NatsServer::start(Server& server, Logger& log) const {
    std::string problems;
    try {
        server.start();
        return true;
    } catch (const Poco::Exception& error) {
        problems = error.message();
    } catch (const std::exception& error) {
        problems = error.what();
    }
    for (const std::string& line : linesOf(problems)) {
        log.write(kernel::Level::fatal, line);
        if (daemon_ != nullptr) {  // whose log is elsewhere
            std::cerr << "gnatsd: " << line << '\n';
        }
    }
    return false;
}

void NatsServer::serveUntilStopped(Server& server, Logger& log, const ServiceManager& manager) {
    Notify notify(manager, log);
    ServeLoop loop(server, log, signals_, notify, [this] { return readAgain(options_); });
    loop.run(manager.watchdog);
    log.write(kernel::Level::info, "Initiating Shutdown...");
    signals_.exitOnStop();
    server.stop();
    log.write(kernel::Level::info, "Server Exiting..");
}

/// False: nobody waits for the server any more, so it is not wanted.
bool NatsServer::leaveCaller(Logger& log) const {
    if (daemon_ == nullptr || daemon_->ready()) {
        return true;
    }
    log.write(kernel::Level::fatal, "The start was interrupted");
    return false;
}

}  // namespace gnatsd::host
