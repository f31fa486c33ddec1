// How long gnatsd and Debian's nats-server take from their start to the INFO of the first client,
// in turns:
//     gnatsd-start-bench [STARTS [RATIO]]
// Prints medians, once without a file and once with users, one of them with a bcrypt hash, so that
// the modules for them are loaded. Ends with 1 when our median is more than RATIO times theirs.

#include "tests/plugins/Fixtures.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iomanip>
#include <iostream>
#include <netinet/in.h>
#include <spawn.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace gnatsd::tests;
using Clock = std::chrono::steady_clock;
using Millis = std::chrono::duration<double, std::milli>;

constexpr std::chrono::seconds kPatience{20};
constexpr std::chrono::microseconds kLook{100};

// The hash is that of "secret" at cost 4.
constexpr const char* kUsers =
    "authorization { users: [\n"
    "  {user: a, password: \"$2a$04$u5ZClXpcjHgpfc61Ee0VKuwI1K3vTC4zq7SjphjnlHMeb1Llkb5Y6\",\n"
    "   permissions: {publish: [\"x.*\"], subscribe: \"y.>\"}}\n"
    "  {user: b, password: q} ] }\n";

std::uint16_t freePort() {
    return Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)).address().port();
}

/// Without a shell and without its output; ends it when it goes.
class Started {
public:
    explicit Started(std::vector<std::string> words) {
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t files;
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        const int failed =
            ::posix_spawnp(&pid_, arguments.front(), &files, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&files);
        if (failed != 0) {
            throw Poco::SystemException("cannot be started", words.front());
        }
    }
    ~Started() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    Started(const Started&) = delete;
    Started& operator=(const Started&) = delete;

private:
    pid_t pid_ = -1;
};

/// Whether a client was greeted on that port.
bool isGreeted(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::array<char, 5> text{};
    const bool greeted =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::recv(fd, text.data(), text.size(), MSG_WAITALL) == static_cast<ssize_t>(text.size()) &&
        std::string(text.data(), text.size()) == "INFO ";
    ::close(fd);
    return greeted;
}

Millis timeToReady(const std::string& program, const std::vector<std::string>& more) {
    const std::uint16_t port = freePort();
    std::vector<std::string> words{program, "-a", "127.0.0.1", "-p", std::to_string(port)};
    words.insert(words.end(), more.begin(), more.end());
    const auto begin = Clock::now();
    const Started server(std::move(words));
    while (!isGreeted(port)) {
        if (Clock::now() - begin > kPatience) {
            throw Poco::TimeoutException("nobody is greeted", program);
        }
        std::this_thread::sleep_for(kLook);
    }
    return Clock::now() - begin;
}

double median(std::vector<Millis> times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2].count();
}

/// How many times theirs ours is.
double compare(const char* what, int starts, const std::vector<std::string>& more) {
    std::vector<Millis> ours;
    std::vector<Millis> theirs;
    for (int i = 0; i < starts; ++i) {
        ours.push_back(timeToReady(GNATSD_PROGRAM, more));
        theirs.push_back(timeToReady("nats-server", more));
    }
    const double ratio = median(ours) / median(theirs);
    std::cout << std::fixed << std::setprecision(2) << what << ": gnatsd " << median(ours)
              << " ms, nats-server " << median(theirs) << " ms, ratio " << ratio << std::endl;
    return ratio;
}

}  // namespace

int main(int argc, char** argv) {
    const int starts = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 40;
    const double most = argc > 2 ? std::atof(argv[2]) : 0;
    try {
        const TempFolder folder;
        writeFile(folder.file("users.conf"), kUsers);
        const double plain = compare("no file", starts, {});
        const double users = compare("users  ", starts, {"-c", folder.file("users.conf")});
        return most > 0 && std::max(plain, users) > most ? 1 : 0;
    } catch (const Poco::Exception& error) {
        std::cerr << "gnatsd-start-bench: " << error.displayText() << '\n';
        return 1;
    }
}
