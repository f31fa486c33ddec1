#include "tests/bench/Compare.h"

#include "tests/bench/Comparison.h"
#include "tests/bench/Flags.h"
#include "tests/bench/InstructionCounter.h"
#include "tests/bench/Json.h"
#include "tests/bench/Progress.h"
#include "tests/bench/Run.h"
#include "tests/bench/ServerProcess.h"
#include "tests/bench/Text.h"
#include "tests/bench/Valgrind.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

namespace gnatsd::bench {

namespace {

struct Settings {
    std::string ours;
    std::string theirs = "nats-server";
    std::size_t rounds = 0;
    std::vector<std::string> only;
    std::string jsonFile;
    bool quick = false;
    bool instructions = false;
    bool list = false;
    bool help = false;
};

Flags flagsFor(Settings& settings) {
    Flags flags;
    flags.add("ours", "PATH", "our server; by default gnatsd beside this program",
              [&](std::string_view text) { settings.ours = text; });
    flags.add("theirs", "PATH", "the server to compare with; by default nats-server",
              [&](std::string_view text) { settings.theirs = text; });
    flags.add("rounds", "N", "runs of each server, in turns; by default 5, quick 1",
              [&](std::string_view text) { settings.rounds = parseCount(text); });
    flags.add("only", "NAME",
              "only this scenario, with a * at its end all that begin so; may be repeated",
              [&](std::string_view text) { settings.only.emplace_back(text); });
    flags.add("json", "FILE", "write all results there",
              [&](std::string_view text) { settings.jsonFile = text; });
    flags.addSwitch("quick", "about a minute instead of ten", [&] { settings.quick = true; });
    flags.addSwitch("instructions", "count user instructions (without counters: with valgrind)",
                    [&] { settings.instructions = true; });
    flags.addSwitch("list", "name the scenarios", [&] { settings.list = true; });
    flags.addSwitch("help", "this text", [&] { settings.help = true; });
    return flags;
}

/// `wanted`: a name, or how names begin and a `*`.
bool isMeant(const std::string& wanted, const Scenario& scenario) {
    return wanted.ends_with('*')
               ? scenario.name.starts_with(std::string_view(wanted).substr(0, wanted.size() - 1))
               : scenario.name == wanted;
}

std::vector<Scenario> chosenScenarios(const Settings& settings) {
    std::vector<Scenario> scenarios = allScenarios(settings.quick, settings.instructions);
    for (const std::string& wanted : settings.only) {
        if (std::none_of(scenarios.begin(), scenarios.end(),
                         [&](const Scenario& scenario) { return isMeant(wanted, scenario); })) {
            throw UsageError("no scenario \"" + wanted + "\"; see compare --list");
        }
    }
    std::erase_if(scenarios, [&](const Scenario& scenario) {
        return !settings.only.empty() &&
               std::none_of(settings.only.begin(), settings.only.end(),
                            [&](const std::string& wanted) { return isMeant(wanted, scenario); });
    });
    return scenarios;
}

Result runOn(const std::string& program, const Scenario& scenario, const std::string& title) {
    Progress progress(title);
    Result result;
    try {
        if (scenario.options.countInstructions && !InstructionCounter::available()) {
            return countWithValgrind(program, scenario.options);
        }
        Options options = scenario.options;
        const ServerProcess server(program, options.server.tls ? ServerProcess::Transport::tls
                                                               : ServerProcess::Transport::plain);
        options.server = server.endpoint();
        options.serverPid = server.pid();
        options.progress = [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); };
        try {
            result = run(options);
        } catch (const ServerError& error) {
            result.problems.emplace_back(error.what());
        }
        if (!result.problems.empty()) {
            result.problems.push_back("its log ends with: " + server.logTail());
        }
    } catch (const ServerError& error) {
        result.problems.emplace_back(error.what());
    }
    return result;
}

Comparison runScenario(const Settings& settings, const Scenario& scenario) {
    Comparison comparison(scenario);
    for (std::size_t i = 0; i < settings.rounds; ++i) {
        const std::string title =
            scenario.name + " " + std::to_string(i + 1) + "/" + std::to_string(settings.rounds);
        Round round;
        round.theirs = runOn(settings.theirs, scenario, title + " theirs");
        round.ours = runOn(settings.ours, scenario, title + " ours");
        comparison.add(std::move(round));
    }
    return comparison;
}

void writeJson(const Settings& settings, const std::vector<Comparison>& comparisons) {
    std::vector<std::string> scenarios;
    scenarios.reserve(comparisons.size());
    for (const Comparison& comparison : comparisons) {
        scenarios.push_back(comparison.json());
    }
    std::ofstream file(settings.jsonFile);
    file << JsonObject()
                .add("ours", settings.ours)
                .add("theirs", settings.theirs)
                .add("rounds", static_cast<std::uint64_t>(settings.rounds))
                .add("quick", settings.quick)
                .addRaw("scenarios", jsonArray(scenarios))
                .text()
         << "\n";
    if (!file.flush()) {
        throw UsageError("cannot write " + settings.jsonFile);
    }
}

std::string besideThisProgram(const std::string& name) {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

Settings parseSettings(std::span<const char* const> arguments) {
    Settings settings;
    const std::vector<std::string> rest = flagsFor(settings).parse(arguments);
    if (!rest.empty()) {
        throw UsageError("compare does not know what to do with \"" + rest.front() + "\"");
    }
    if (settings.ours.empty()) {
        settings.ours = besideThisProgram("gnatsd");
    }
    if (settings.rounds == 0) {
        settings.rounds = settings.quick ? 1 : 5;
    }
    return settings;
}

}  // namespace

Exit compareCommand(std::span<const char* const> arguments) {
    Settings settings = parseSettings(arguments);
    if (settings.help) {
        std::cout << "Usage: gnatsd-bench compare [flags]\n" << flagsFor(settings).help();
        return Exit::ok;
    }
    const std::vector<Scenario> scenarios = chosenScenarios(settings);
    if (settings.list) {
        for (const Scenario& scenario : scenarios) {
            std::cout << scenario.name << "\n";
        }
        return Exit::ok;
    }
    std::vector<Comparison> comparisons;
    std::vector<std::vector<std::string>> table = {Comparison::heading()};
    for (const Scenario& scenario : scenarios) {
        comparisons.push_back(runScenario(settings, scenario));
        for (const auto& line : comparisons.back().lines()) {
            table.push_back(line);
        }
        std::cerr << scenario.name << (comparisons.back().passed() ? ": pass\n" : ": MISSED\n");
    }
    std::cout << formatTable(table);
    bool passed = true;
    for (const Comparison& comparison : comparisons) {
        for (const std::string& problem : comparison.problems()) {
            std::cout << "FAILED: " << problem << "\n";
        }
        passed = passed && comparison.passed();
    }
    if (!settings.jsonFile.empty()) {
        writeJson(settings, comparisons);
    }
    return passed ? Exit::ok : Exit::checkFailed;
}

}  // namespace gnatsd::bench
