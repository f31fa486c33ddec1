// main: the arguments, then the file, then the server: what is wrong with either is said before
// anything is started.

#include "plugins/host/CommandLine.h"
#include "plugins/host/NatsServer.h"
#include "plugins/host/daemon/Daemon.h"
#include "plugins/host/daemon/SignalCommand.h"
#include "plugins/host/daemon/SignalWait.h"
#include "plugins/host/options/CheckConfiguration.h"
#include "plugins/host/options/LoadOptions.h"

#include <Poco/Environment.h>
#include <Poco/Exception.h>
#include <Poco/Path.h>

#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd::host;

namespace {

constexpr int kFailed = 1;  // CLI-63, CLI-64

/// The file that the shell found for the program's name.
std::string programPath(const std::string& name) {
    Poco::Path path;
    const bool found = name.find('/') == std::string::npos &&
                       Poco::Path::find(Poco::Environment::get("PATH", ""), name, path);
    return found ? path.toString() : name;
}

/// OPT-190: nothing but the verdict goes out, on standard error.
int check(const LoadedOptions& loaded) {
    std::vector<std::string> problems = loaded.errors;
    problems.insert(problems.end(), loaded.warnings.begin(), loaded.warnings.end());
    if (loaded.isGood()) {
        const std::vector<std::string> found = checkConfiguration(loaded.options);
        problems.insert(problems.end(), found.begin(), found.end());
    }
    const char* prefix = "gnatsd: ";
    for (const std::string& problem : problems) {
        std::cerr << prefix << problem << '\n';
        prefix = "";
    }
    for (const std::string& notice : loaded.options.notices) {
        std::cerr << notice << '\n';
    }
    if (!problems.empty()) {
        return kFailed;
    }
    std::cerr << "gnatsd: configuration file " << loaded.options.configFile << " is valid\n";
    return 0;
}

int runServer(const CommandLine& line, LoadedOptions loaded, SignalWait& signals, char** argv) {
    std::cerr << loaded.report() << std::flush;
    if (!loaded.isGood()) {
        return kFailed;
    }
    std::optional<Daemon> daemon;
    try {
        if (line.daemon) {
            daemon.emplace(loaded.options.log);
        }
    } catch (const Poco::Exception& error) {
        std::cerr << "gnatsd: " << error.message() << '\n';
        return kFailed;
    }
    NatsServer server(std::move(loaded.options), line.action == CommandLine::Action::listPlugins,
                      signals, daemon ? &*daemon : nullptr);
    return server.run(1, argv);
}

}  // namespace

int main(int argc, char** argv) {
    SignalWait signals;
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const std::string program = programPath(argc > 0 ? argv[0] : "gnatsd");
    const CommandLine line = CommandLine::parse(arguments);
    std::cerr << line.errors << std::flush;
    std::cout << line.output << std::flush;
    switch (line.action) {
        case CommandLine::Action::leave:
            return line.status;
        case CommandLine::Action::signal:
            return signalCommand(line.signal, program);
        case CommandLine::Action::check:
        case CommandLine::Action::run:
        case CommandLine::Action::listPlugins:
            break;
    }
    LoadedOptions loaded = loadOptions(line.configFile, line.flags);
    loaded.options.executable = program;
    if (line.action == CommandLine::Action::check) {
        return check(loaded);
    }
    return runServer(line, std::move(loaded), signals, argv);
}
