#include "tests/auth/MkpasswdRun.h"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace gnatsd::tests {

namespace {

constexpr int kPatience = 20'000;  // milliseconds without a sign of life

std::array<int, 2> newPipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    return ends;
}

void writeAll(int fd, const std::string& text) {
    if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error("cannot write to mkpasswd");
    }
}

}  // namespace

MkpasswdRun::MkpasswdRun(const std::vector<std::string>& flags, const std::string& input) {
    const std::array<int, 2> ends = newPipe();
    writeAll(ends[1], input);  // fits into the pipe
    ::close(ends[1]);
    start(flags, ends[0]);
    ::close(ends[0]);
}

MkpasswdRun::MkpasswdRun(const std::vector<std::string>& flags, Terminal) {
    if (::openpty(&keyboard_, &terminal_, nullptr, nullptr, nullptr) != 0) {
        throw std::runtime_error("no terminal");
    }
    ::fcntl(keyboard_, F_SETFD, FD_CLOEXEC);
    ::fcntl(terminal_, F_SETFD, FD_CLOEXEC);
    start(flags, terminal_);
}

MkpasswdRun::~MkpasswdRun() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (const int fd : {keyboard_, terminal_, ends_[0], ends_[1]}) {
        if (fd >= 0) {
            ::close(fd);
        }
    }
}

void MkpasswdRun::start(const std::vector<std::string>& flags, int input) {
    std::vector<std::string> words{GNATSD_MKPASSWD};
    words.insert(words.end(), flags.begin(), flags.end());
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);

    const std::array<int, 2> output = newPipe();
    const std::array<int, 2> errors = newPipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    posix_spawn_file_actions_adddup2(&actions, errors[1], 2);
    const int failed =
        ::posix_spawn(&pid_, GNATSD_MKPASSWD, &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(output[1]);
    ::close(errors[1]);
    ends_ = {output[0], errors[0]};
    if (failed != 0) {
        pid_ = -1;
        throw std::runtime_error("cannot start " GNATSD_MKPASSWD);
    }
}

bool MkpasswdRun::waitFor(const std::string& text) {
    while (output().find(text) == std::string::npos) {
        if (!readSome()) {
            return false;
        }
    }
    return true;
}

void MkpasswdRun::type(const std::string& text) const {
    writeAll(keyboard_, text);
}

bool MkpasswdRun::echoIsOn() const {
    termios settings{};
    if (::tcgetattr(terminal_, &settings) != 0) {
        throw std::runtime_error("no terminal");
    }
    return (settings.c_lflag & ECHO) != 0;
}

std::string MkpasswdRun::echoed() const {
    std::string text;
    pollfd polled{keyboard_, POLLIN, 0};
    while (::poll(&polled, 1, 0) > 0 && (polled.revents & POLLIN) != 0) {
        std::array<char, 1024> buffer{};
        const ssize_t count = ::read(keyboard_, buffer.data(), buffer.size());
        if (count <= 0) {
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

void MkpasswdRun::signal(int number) const {
    ::kill(pid_, number);
}

int MkpasswdRun::finish() {
    while (readSome()) {
    }
    if (ends_[0] >= 0 || ends_[1] >= 0) {
        throw std::runtime_error("mkpasswd does not end");
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// False when both pipes are at their end or nothing comes for too long.
bool MkpasswdRun::readSome() {
    std::array<pollfd, 2> polled{{{ends_[0], POLLIN, 0}, {ends_[1], POLLIN, 0}}};
    if ((ends_[0] < 0 && ends_[1] < 0) || ::poll(polled.data(), polled.size(), kPatience) <= 0) {
        return false;
    }
    for (std::size_t i = 0; i < polled.size(); ++i) {
        if (polled[i].revents == 0) {
            continue;
        }
        std::array<char, 4096> buffer{};
        const ssize_t count = ::read(ends_[i], buffer.data(), buffer.size());
        if (count > 0) {
            texts_[i].append(buffer.data(), static_cast<std::size_t>(count));
        } else {
            ::close(ends_[i]);
            ends_[i] = -1;
        }
    }
    return true;
}

}  // namespace gnatsd::tests
