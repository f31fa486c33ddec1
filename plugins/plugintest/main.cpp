// main: reads flags, script and settings, each of which may be wrong, and lets the Runner do the
// rest.

#include "kernel/ServerInfo.h"
#include "plugins/plugintest/Flags.h"
#include "plugins/plugintest/Report.h"
#include "plugins/plugintest/Runner.h"
#include "plugins/plugintest/Script.h"
#include "plugins/plugintest/Setup.h"
#include <gnatsd/Descriptor.h>

#include <Poco/Environment.h>
#include <Poco/Exception.h>
#include <Poco/Path.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>
#include <string>

using namespace gnatsd::plugintest;

namespace {

constexpr int kNotAsWanted = 1;
constexpr int kUnusable = 2;

/// The file that the shell found for the program's name.
std::string programPath(const std::string& name) {
    Poco::Path path;
    const bool found = name.find('/') == std::string::npos &&
                       Poco::Path::find(Poco::Environment::get("PATH", ""), name, path);
    return found ? path.toString() : name;
}

std::optional<std::string> variable(const std::string& name) {
    if (!Poco::Environment::has(name)) {
        return std::nullopt;
    }
    return Poco::Environment::get(name);
}

Script read(const std::string& name) {
    if (name == "-") {
        return readScript(std::cin, name, variable);
    }
    std::ifstream file(name);
    if (!file) {
        throw Poco::FileNotFoundException("found no file " + name + ", wanted a script");
    }
    return readScript(file, name, variable);
}

int test(const Flags& flags, const std::string& program) {
    Script script = read(flags.script);
    for (const std::string& path : {flags.module, flags.config, flags.pluginDir, flags.script}) {
        script.secrets.addPublic((std::filesystem::current_path() / path).string());
    }
    const Setup setup(flags, program);
    static_cast<void>(setup.specs());  // what is wrong with the flags is not the plug-in's fault
    Report report(std::cout, script.secrets);
    Runner runner(flags, setup, script, report);
    const bool isGood = runner.run();
    if (runner.isStuck()) {
        // Other threads still run the plug-in's code: nothing of it may be taken apart.
        std::cout << std::flush;
        std::_Exit(isGood ? EXIT_SUCCESS : kNotAsWanted);
    }
    return isGood ? EXIT_SUCCESS : kNotAsWanted;
}

}  // namespace

int main(int argc, char** argv) {
    const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
    const char* const prefix = "gnatsd-plugin-test: ";
    try {
        const Flags flags = Flags::parse(arguments.subspan(arguments.empty() ? 0 : 1));
        switch (flags.action) {
            case Flags::Action::help:
                std::cout << kHelp;
                return EXIT_SUCCESS;
            case Flags::Action::version:
                std::cout << "gnatsd-plugin-test " << gnatsd::kernel::kVersion << " "
                          << gnatsd::sdk::abiSignature() << '\n';
                return EXIT_SUCCESS;
            case Flags::Action::test:
                break;
        }
        return test(flags, programPath(arguments.empty() ? "" : arguments[0]));
    } catch (const Poco::Exception& error) {
        std::cerr << prefix << error.message() << '\n';
    } catch (const std::exception& error) {
        std::cerr << prefix << error.what() << '\n';
    }
    return kUnusable;
}
