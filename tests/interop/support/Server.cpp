#include "tests/interop/support/Server.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <Poco/URI.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace gnatsd::interop {
namespace {

constexpr std::chrono::seconds kStartDeadline{20};
constexpr int kCannotRun = 127;
constexpr std::chrono::milliseconds kPollInterval{5};

/// The port in the ports file of process pid below folder; 0 while it is absent or half written.
std::uint16_t readPort(const std::string& folder, pid_t pid) {
    const std::string suffix = std::to_string(pid) + ".ports";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(suffix) ||
            !name.substr(0, name.size() - suffix.size()).ends_with('_')) {
            continue;
        }
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        try {
            Poco::JSON::Parser parser;
            const auto object = parser.parse(text.str()).extract<Poco::JSON::Object::Ptr>();
            const auto urls = object->getArray("nats");
            if (urls && urls->size() > 0) {
                return Poco::URI(urls->getElement<std::string>(0)).getPort();
            }
        } catch (const Poco::Exception&) {
            return 0;
        }
    }
    return 0;
}

}  // namespace

Server::Server(const std::string& configuration) : hasConfiguration_(!configuration.empty()) {
    const char* executable = std::getenv("GNATSD");  // NOLINT(concurrency-mt-unsafe): one thread
    if (executable == nullptr || *executable == '\0') {
        throw std::runtime_error("the environment variable GNATSD must name the server to test");
    }
    executable_ = executable;
    std::string folder =
        (std::filesystem::temp_directory_path() / "gnatsd-interop-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("cannot create " + folder);
    }
    folder_ = folder;
    if (hasConfiguration_) {
        std::ofstream(configurationFile()) << configuration;
    }
    try {
        start();
    } catch (...) {
        std::filesystem::remove_all(folder_);
        throw;
    }
}

Server::~Server() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Server::start() {
    launch();
    try {
        awaitPortsFile();
    } catch (...) {
        kill();
        throw;
    }
}

void Server::launch() {
    std::vector<std::string> words{
        executable_,        "-a",   "127.0.0.1", "-p", port_ == 0 ? "-1" : std::to_string(port_),
        "--ports_file_dir", folder_};
    if (hasConfiguration_) {
        words.insert(words.end(), {"-c", configurationFile()});
    }
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
#ifdef __linux__
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // A test program that dies leaves no broker behind.
#endif
        execv(arguments.front(), arguments.data());
        _exit(kCannotRun);
    }
    if (pid_ < 0) {
        throw std::runtime_error("cannot start a process for " + executable_);
    }
}

void Server::awaitPortsFile() {
    const auto deadline = std::chrono::steady_clock::now() + kStartDeadline;
    while (std::chrono::steady_clock::now() < deadline) {
        if (const std::uint16_t port = readPort(folder_, pid_); port != 0) {
            if (port_ != 0 && port != port_) {
                throw std::runtime_error(executable_ + " listens on another port than asked for");
            }
            port_ = port;
            return;
        }
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            throw std::runtime_error(executable_ + " ended at start, wait status " +
                                     std::to_string(status));
        }
        std::this_thread::sleep_for(kPollInterval);
    }
    throw std::runtime_error(executable_ + " wrote no ports file in time");
}

void Server::kill() noexcept {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

}  // namespace gnatsd::interop
