// main: signals first, then the arguments; what they ask for is done by NatsServer.

#include "plugins/host/CommandLine.h"
#include "plugins/host/NatsServer.h"
#include "plugins/host/SignalWait.h"

#include <iostream>
#include <string>
#include <vector>

using namespace gnatsd::host;

int main(int argc, char** argv) {
    SignalWait signals;
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    CommandLine line = CommandLine::parse(arguments);
    std::cerr << line.errors << std::flush;
    std::cout << line.output << std::flush;
    if (line.action == CommandLine::Action::leave) {
        return line.status;
    }
    NatsServer server(std::move(line.options), line.action == CommandLine::Action::listPlugins,
                      signals);
    return server.run(1, argv);
}
