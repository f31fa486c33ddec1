#include "plugins/host/NatsServer.h"

#include "plugins/host/DescriptorLimit.h"
#include "plugins/host/LogChannel.h"
#include "plugins/host/Logger.h"
#include "plugins/host/PluginTable.h"
#include "plugins/host/Server.h"

#include <Poco/AutoPtr.h>
#include <Poco/Logger.h>
#include <Poco/NullChannel.h>

#include <array>
#include <exception>
#include <iostream>
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

void logLines(kernel::Log& log, const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        log.write(kernel::Level::fatal, line);
    }
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

NatsServer::NatsServer(Options options, bool listPlugins, SignalWait& signals)
    : options_(std::move(options)), listPlugins_(listPlugins), signals_(signals) {
    CrashHandlers::restore();
}

int NatsServer::main(const std::vector<std::string>&) {
    options_.executable = config().getString("application.path");
    return listPlugins_ ? printPlugins() : serve();
}

int NatsServer::printPlugins() const {
    try {
        std::cout << pluginTable(options_) << std::flush;
        return EXIT_OK;
    } catch (const Poco::Exception& error) {
        std::cerr << "gnatsd: " << error.message() << '\n';
        return kFailed;
    }
}

int NatsServer::serve() {
    Logger log(Logger::standardError(options_.logtime));
    log.setDebug(options_.debug);
    log.setTrace(options_.trace);
    const PocoLogs pocoLogs(log);
    raiseDescriptorLimit();

    Server server(options_, log);
    try {
        server.start();
    } catch (const Poco::Exception& error) {
        logLines(log, error.message());
        return kFailed;
    } catch (const std::exception& error) {
        logLines(log, error.what());
        return kFailed;
    }
    signals_.waitForStop(log);
    log.write(kernel::Level::info, "Initiating Shutdown...");
    signals_.exitOnTerm();
    server.stop();
    log.write(kernel::Level::info, "Server Exiting..");
    return EXIT_OK;
}

}  // namespace gnatsd::host
