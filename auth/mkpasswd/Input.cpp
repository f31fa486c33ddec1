#include "auth/mkpasswd/Input.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <optional>
#include <termios.h>
#include <unistd.h>

namespace gnatsd::auth::mkpasswd {

namespace {

/// What the terminal was like, for the signal handler.
termios echoing;

extern "C" void restoreAndDie(int number) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &echoing);
    // The handler was installed for one signal: this is the default action.
    ::raise(number);
}

/// The terminal does not show what is typed as long as this lives.
class NoEcho {
public:
    NoEcho() {
        if (::tcgetattr(STDIN_FILENO, &echoing) != 0) {
            return;
        }
        isOn_ = true;
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            struct sigaction action = {};
            action.sa_handler = restoreAndDie;
            action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
            ::sigaction(kSignals[i], &action, &before_[i]);
        }
        termios silent = echoing;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ICANON | ISIG;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho() {
        if (isOn_) {
            ::tcsetattr(STDIN_FILENO, TCSANOW, &echoing);
            for (std::size_t i = 0; i < kSignals.size(); ++i) {
                ::sigaction(kSignals[i], &before_[i], nullptr);
            }
        }
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    bool isOn_ = false;
    std::array<struct sigaction, kSignals.size()> before_{};
};

/// Up to the end of the line or of the input; nothing when there is no input.
std::optional<std::string> readLine() {
    std::string line;
    for (;;) {
        char c = '\0';
        const ssize_t count = ::read(STDIN_FILENO, &c, 1);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return line.empty() ? std::nullopt : std::optional(line);
        }
        if (c == '\n') {
            if (line.ends_with('\r')) {
                line.pop_back();
            }
            return line;
        }
        line += c;
    }
}

std::optional<std::string> ask(const char* prompt) {
    std::cout << prompt << std::flush;
    std::optional<std::string> line = readLine();
    std::cout << std::endl;
    return line;
}

}  // namespace

Input readPassword() {
    const std::string nothing = "Error, no password on standard input";
    if (::isatty(STDIN_FILENO) == 0) {
        std::optional<std::string> line = readLine();
        return line ? Input{std::move(*line), {}} : Input{{}, nothing};
    }
    const NoEcho noEcho;
    std::optional<std::string> first = ask("Enter Password: ");
    const std::optional<std::string> second = first ? ask("Reenter Password: ") : std::nullopt;
    if (!second) {
        return {{}, nothing};
    }
    if (*first != *second) {
        return {{}, "Error, passwords do not match"};
    }
    return {std::move(*first), {}};
}

}  // namespace gnatsd::auth::mkpasswd
