#include "plugins/host/daemon/SignalCommand.h"

#include "kernel/Text.h"
#include "plugins/host/SystemError.h"
#include "plugins/host/daemon/ProcessList.h"

#include <Poco/Exception.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace gnatsd::host {

namespace {

constexpr std::array<std::pair<std::string_view, int>, 6> kCommands{{{"stop", SIGKILL},
                                                                     {"quit", SIGINT},
                                                                     {"term", SIGTERM},
                                                                     {"reopen", SIGUSR1},
                                                                     {"reload", SIGHUP},
                                                                     {"ldm", SIGUSR2}}};
constexpr std::size_t kLongestPid = 32;  // of a pid file's content

[[noreturn]] void fail(const std::string& why) {
    throw Poco::RuntimeException(why);
}

std::vector<std::string> partsOf(const std::string& argument) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t at = 0; at != std::string::npos; from = at + 1) {
        at = argument.find('=', from);
        parts.push_back(argument.substr(from, at == std::string::npos ? at : at - from));
    }
    return parts;
}

int signalOf(const std::string& command) {
    for (const auto& [name, number] : kCommands) {
        if (name == command) {
            return number;
        }
    }
    fail("unknown signal " + kernel::quote(command));
}

/// What a file of that name holds, without blanks around it; the text itself when there is none.
std::string pidText(const std::string& text) {
    std::ifstream file(text);
    std::string content(kLongestPid, '\0');
    if (!file.read(content.data(), kLongestPid) && file.gcount() == 0) {
        return text;
    }
    content.resize(static_cast<std::size_t>(file.gcount()));
    const std::size_t from = content.find_first_not_of(" \t\r\n");
    const std::size_t to = content.find_last_not_of(" \t\r\n");
    return from == std::string::npos ? std::string() : content.substr(from, to - from + 1);
}

/// Zero and less would reach whole groups of processes.
pid_t pidOf(const std::string& text) {
    pid_t pid = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, pid);
    if (error != std::errc() || rest != end || pid <= 0) {
        fail("invalid pid: " + text);
    }
    return pid;
}

std::vector<pid_t> running(const std::string& program, const std::string& beginning = {}) {
    const auto all = processesNamed(program);
    if (!all) {
        fail("unable to resolve pid, try providing one");
    }
    std::vector<pid_t> pids;
    for (const pid_t pid : *all) {
        if (std::to_string(pid).starts_with(beginning)) {
            pids.push_back(pid);
        }
    }
    if (pids.empty()) {
        fail("no " + program + " processes running");
    }
    return pids;
}

std::vector<pid_t> receivers(const std::string& whom, const std::string& program) {
    if (whom.empty()) {
        std::vector<pid_t> pids = running(program);
        if (pids.size() > 1) {
            std::string text = "multiple " + program + " processes running:";
            for (const pid_t pid : pids) {
                text += "\n" + std::to_string(pid);
            }
            fail(text);
        }
        return pids;
    }
    if (whom.ends_with('*')) {
        const std::string beginning = whom.substr(0, whom.size() - 1);
        if (!beginning.empty()) {
            pidOf(beginning);
        }
        return running(program, beginning);
    }
    return {pidOf(pidText(whom))};
}

}  // namespace

void sendSignal(const std::string& argument, const std::string& program) {
    std::vector<std::string> parts = partsOf(argument);
    if (parts.size() > 2) {
        std::string surplus;
        for (std::size_t i = 2; i < parts.size(); ++i) {
            surplus += (surplus.empty() ? "" : " ") + parts[i];
        }
        fail("invalid signal parameters: [" + surplus + "]");
    }
    parts.resize(2);
    const int number = signalOf(parts[0]);
    std::string errors;
    for (const pid_t pid : receivers(parts[1], program)) {
        if (::kill(pid, number) != 0) {
            errors += (errors.empty() ? "" : "\n") + systemErrorText(errno);
        }
    }
    if (!errors.empty()) {
        fail(errors);
    }
}

int signalCommand(const std::string& argument, const std::string& executable) {
    const std::string program = std::filesystem::path(executable).filename().string();
    try {
        sendSignal(argument, program);
        return 0;
    } catch (const Poco::Exception& error) {
        std::cerr << program << ": " << error.message() << '\n';
        return 1;
    }
}

}  // namespace gnatsd::host
