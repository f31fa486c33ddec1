#include "plugins/host/daemon/Daemon.h"

#include "plugins/host/SystemError.h"

#include <Poco/Exception.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <pthread.h>
#include <string>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gnatsd::host {

namespace {

constexpr int kFirstOther = 3;  // descriptor after standard error

[[noreturn]] void fail(const char* step) {
    throw Poco::SystemException("Could not become a daemon: " + std::string(step) + ": " +
                                systemErrorText(errno));
}

/// What a shell or a script left open must not stay open as long as a server lives.
void closeOthers() {
#if defined(__linux__)
    ::close_range(kFirstOther, ~0U, 0);
#else
    const long most = ::sysconf(_SC_OPEN_MAX);
    for (int fd = kFirstOther; fd < most; ++fd) {
        ::close(fd);
    }
#endif
}

/// Of the standard streams some may be closed; what is opened next must not take their place.
void openMissing() {
    int fd = 0;
    while (fd >= 0 && fd < kFirstOther) {
        fd = ::open("/dev/null", O_RDWR);
    }
    ::close(fd);
}

bool replace(int fd, int flags) {
    const int null = ::open("/dev/null", flags | O_CLOEXEC);
    if (null < 0) {
        return false;
    }
    const bool done = ::dup2(null, fd) == fd;
    ::close(null);
    return done;
}

/// Whoever waits can be interrupted; the server blocks these signals.
void unblockSignals() {
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

/// The calling process: ends as the server's start ends.
[[noreturn]] void waitForServer(pid_t child, int server) {
    unblockSignals();
    ::waitpid(child, nullptr, 0);
    unsigned char status = 0;
    ssize_t count = -1;
    do {
        count = ::read(server, &status, 1);
    } while (count < 0 && errno == EINTR);
    if (count != 1) {
        constexpr const char* kText = "gnatsd: the server's process ended during its start\n";
        std::fputs(kText, stderr);
        status = 1;
    }
    ::_exit(status);
}

}  // namespace

Daemon::Daemon(const LogSettings& log) {
    if (log.file.empty() && log.remoteSyslog.empty() && !log.syslog) {
        throw Poco::InvalidArgumentException(
            "--daemon needs a log, as a daemon has no standard error: use -l FILE, -s or -r URL");
    }
    closeOthers();
    openMissing();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail("pipe");
    }
    caller_ = ends[1];
    const pid_t child = ::fork();
    if (child < 0) {
        fail("fork");
    }
    if (child > 0) {
        ::close(ends[1]);
        waitForServer(child, ends[0]);
    }
    ::close(ends[0]);
    // Leading a session, the process would get the next terminal that it opens: its child does not.
    ::setsid();
    const pid_t server = ::fork();
    if (server != 0) {
        if (server < 0) {
            std::perror("gnatsd: fork");
        }
        ::_exit(server < 0 ? 1 : 0);
    }
    if (!replace(STDIN_FILENO, O_RDONLY)) {
        fail("/dev/null");
    }
}

Daemon::~Daemon() {
    if (caller_ >= 0) {
        ::close(caller_);
    }
}

bool Daemon::ready() {
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
        replace(fd, O_WRONLY);
    }
    return tell(0);
}

void Daemon::failed(int status) {
    if (caller_ >= 0) {
        tell(status);
    }
}

bool Daemon::tell(int status) {
    const auto byte = static_cast<unsigned char>(status);
    const ssize_t count = ::write(caller_, &byte, 1);
    ::close(caller_);
    caller_ = -1;
    return count == 1;
}

}  // namespace gnatsd::host
