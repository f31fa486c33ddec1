// gnatsd-bench: see --help and README.md.

#include "tests/bench/Compare.h"
#include "tests/bench/Error.h"
#include "tests/bench/Options.h"
#include "tests/bench/Progress.h"
#include "tests/bench/Run.h"
#include "tests/bench/Smoke.h"

#include <exception>
#include <iostream>
#include <span>
#include <string_view>

namespace {

using gnatsd::bench::Exit;

Exit runMode(std::span<const char* const> arguments) {
    gnatsd::bench::Options options = gnatsd::bench::parseOptions(arguments);
    gnatsd::bench::Result result;
    {
        gnatsd::bench::Progress progress(gnatsd::bench::modeName(options.mode));
        if (!options.json) {
            options.progress = [&](std::uint64_t done, std::uint64_t of) {
                progress.show(done, of);
            };
        }
        result = gnatsd::bench::run(options);
    }
    std::cout << (options.json ? asJson(result) + "\n" : asText(result));
    if (options.json) {
        for (const std::string& problem : result.problems) {
            std::cerr << "gnatsd-bench: " << problem << "\n";
        }
    }
    return result.problems.empty() ? Exit::ok : Exit::checkFailed;
}

Exit runCommand(std::span<const char* const> arguments) {
    const std::string_view command = arguments.empty() ? "" : arguments.front();
    if (command == "--help" || command == "-h" || command == "help") {
        std::cout << gnatsd::bench::helpText();
        return Exit::ok;
    }
    if (command == "compare") {
        return gnatsd::bench::compareCommand(arguments.subspan(1));
    }
    if (command == "smoke") {
        return gnatsd::bench::smokeCommand(arguments.subspan(1));
    }
    for (const std::string_view argument : arguments) {
        if (argument == "--help" || argument == "-h") {
            std::cout << gnatsd::bench::helpText();
            return Exit::ok;
        }
    }
    return runMode(arguments);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::span<const char* const> all(argv, static_cast<std::size_t>(argc));
        return static_cast<int>(runCommand(all.subspan(1)));
    } catch (const gnatsd::bench::UsageError& error) {
        std::cerr << "gnatsd-bench: " << error.what() << "\n";
        return static_cast<int>(Exit::usage);
    } catch (const std::exception& error) {
        std::cerr << "gnatsd-bench: " << error.what() << "\n";
        return static_cast<int>(Exit::server);
    }
}
