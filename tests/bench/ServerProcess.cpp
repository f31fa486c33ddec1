#include "tests/bench/ServerProcess.h"

#include "tests/bench/Client.h"
#include "tests/bench/Error.h"
#include "tests/support/TlsFiles.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::bench {

namespace {

constexpr std::chrono::seconds kStartTime{20};
constexpr std::chrono::milliseconds kStopTime{10000};
constexpr std::chrono::milliseconds kLook{5};

std::string readFile(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// True once the process has ended or the time is over; does not reap it.
bool awaitEnd(pid_t pid, std::chrono::milliseconds patience) {
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0) {
        return false;
    }
    pollfd entry{handle, POLLIN, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(patience.count()));
    ::close(handle);
    return ready > 0;
}

/// In the forked child: only what is safe there. The server ends with us, however we end.
[[noreturn]] void runChild(const std::vector<char*>& arguments, const char* log, int failure) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int output = ::open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execvp(arguments.front(), arguments.data());
    const int error = errno;
    // Nobody to tell when this fails too.
    [[maybe_unused]] const ssize_t written = ::write(failure, &error, sizeof error);
    ::_exit(127);
}

}  // namespace

ServerProcess::ServerProcess(const std::string& program, Transport transport,
                             const std::vector<std::string>& wrapper) {
    std::string name = (std::filesystem::temp_directory_path() / "gnatsd-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw ServerError(systemMessage("cannot make a directory like " + name));
    }
    directory_ = name;
    try {
        std::vector<std::string> words = wrapper;
        words.insert(words.end(), {program, "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir",
                                   directory_.string()});
        if (transport == Transport::tls) {
            words.insert(words.end(), {"-c", writeTlsFile()});
        }
        spawn(std::move(words));
        const auto deadline = Clock::now() + kStartTime;
        while (!readPorts()) {
            if (awaitEnd(pid_, kLook) || Clock::now() > deadline) {
                throw ServerError(program + " does not start; its log ends with:\n" + logTail());
            }
        }
        endpoint_.tls = transport == Transport::tls;
    } catch (...) {
        stop();
        removeFiles();
        throw;
    }
}

ServerProcess::~ServerProcess() {
    stop();
    removeFiles();
}

std::string ServerProcess::writeTlsFile() const {
    const tests::TlsFiles files(directory_);
    const std::string path = files.file("server.conf");
    std::ofstream(path) << "tls { cert_file: \"" << files.pem("server") << "\", key_file: \""
                        << files.key("server") << "\", timeout: 120 }\n";
    return path;
}

void ServerProcess::spawn(std::vector<std::string> words) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    std::array<int, 2> failure{};
    if (::pipe2(failure.data(), O_CLOEXEC) != 0) {
        throw ServerError(systemMessage("pipe"));
    }
    const std::string log = (directory_ / "log").string();
    pid_ = ::fork();
    if (pid_ == 0) {
        runChild(arguments, log.c_str(), failure[1]);
    }
    int error = pid_ < 0 ? errno : 0;
    ::close(failure[1]);
    // The pipe closes without a word when the program has started.
    const bool refused = pid_ > 0 && ::read(failure[0], &error, sizeof error) == sizeof error;
    ::close(failure[0]);
    if (refused) {
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    if (error != 0) {
        throw ServerError(systemMessage("cannot start " + words.front(), error));
    }
}

bool ServerProcess::readPorts() {
    const std::string ending = std::string("_").append(std::to_string(pid_)).append(".ports");
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
        if (!entry.path().filename().string().ends_with(ending)) {
            continue;
        }
        const std::string text = readFile(entry.path());
        // The first address is the clients': its scheme is nats or tls.
        const std::size_t scheme = text.find("://");
        const std::size_t begin = text.rfind('"', scheme) + 1;
        const std::size_t quote = text.find('"', scheme);
        if (scheme != std::string::npos && quote != std::string::npos) {
            endpoint_ = parseEndpoint(text.substr(begin, quote - begin));
            return true;
        }
    }
    return false;
}

std::string ServerProcess::logTail() const {
    constexpr std::size_t kTail = 2000;
    const std::string text = readFile(directory_ / "log");
    return text.size() > kTail ? text.substr(text.size() - kTail) : text;
}

void ServerProcess::stop() noexcept {
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        if (!awaitEnd(pid_, kStopTime)) {
            ::kill(pid_, SIGKILL);
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
    }
}

void ServerProcess::removeFiles() noexcept {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

}  // namespace gnatsd::bench
