#include "tests/plugins/Program.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace gnatsd::tests {

namespace {

using SteadyClock = std::chrono::steady_clock;

struct Pipe {
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::runtime_error("no pipe");
        }
    }
    std::array<int, 2> ends{};
};

int millisecondsUntil(SteadyClock::time_point deadline) {
    const auto left = deadline - SteadyClock::now();
    return std::max(
        0, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(left).count()));
}

bool holds(const std::string& log, const std::string& text, std::size_t count) {
    std::size_t from = 0;
    for (; count > 0; --count) {
        const std::size_t at = log.find(text, from);
        if (at == std::string::npos) {
            return false;
        }
        from = at + text.size();
    }
    return true;
}

std::vector<char*> pointersTo(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environmentWith(const std::vector<std::string>& variables) {
    std::vector<std::string> all = variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        all.emplace_back(*variable);
    }
    return all;
}

pid_t spawn(const std::string& executable, const std::vector<std::string>& arguments,
            const std::vector<std::string>& variables, int input, int output, int errors) {
    std::vector<std::string> words{executable};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environment = environmentWith(variables);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (input >= 0) {
        posix_spawn_file_actions_adddup2(&actions, input, 0);
    } else {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    }
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, errors, 2);
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, executable.c_str(), &actions, nullptr,
                                     pointersTo(words).data(), pointersTo(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        throw std::runtime_error("cannot start " + executable);
    }
    return pid;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& variables, const std::string& executable,
                 int input) {
    const Pipe output;
    const Pipe errors;
    pid_ = spawn(executable, arguments, variables, input, output.ends[1], errors.ends[1]);
    ::close(output.ends[1]);
    ::close(errors.ends[1]);
    ends_ = {output.ends[0], errors.ends[0]};
}

Program::~Program() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (const int end : ends_) {
        if (end >= 0) {
            ::close(end);
        }
    }
}

void Program::signal(int number) const {
    ::kill(pid_, number);
}

bool Program::waitFor(const std::string& text) {
    return waitForCount(text, 1);
}

bool Program::waitForCount(const std::string& text, std::size_t count) {
    return waitForCount(errors(), text, count);
}

bool Program::waitForOutput(const std::string& text) {
    return waitForCount(output(), text, 1);
}

bool Program::waitForCount(const std::string& stream, const std::string& text, std::size_t count) {
    const auto deadline = SteadyClock::now() + kDeadline;
    while (!holds(stream, text, count)) {
        if (!readSome(deadline)) {
            return false;
        }
    }
    return true;
}

int Program::finish() {
    const auto deadline = SteadyClock::now() + kDeadline;
    while (readSome(deadline)) {
    }
    if (SteadyClock::now() >= deadline) {
        throw std::runtime_error("the program does not end; its log:\n" + errors());
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// False when both pipes are at their end or time is up.
bool Program::readSome(SteadyClock::time_point deadline) {
    std::array<pollfd, 2> polled{{{ends_[0], POLLIN, 0}, {ends_[1], POLLIN, 0}}};
    if (ends_[0] < 0 && ends_[1] < 0) {
        return false;
    }
    if (::poll(polled.data(), polled.size(), millisecondsUntil(deadline)) <= 0) {
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
