#include "tests/auth/MkpasswdRun.h"

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>

namespace gnatsd::tests {

namespace {

void writeAll(int fd, const std::string& text) {
    if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error("cannot write to mkpasswd");
    }
}

}  // namespace

MkpasswdRun::MkpasswdRun(const std::vector<std::string>& flags, const std::string& input) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    writeAll(ends[1], input);  // fits into the pipe
    ::close(ends[1]);
    program_.emplace(flags, std::vector<std::string>{}, GNATSD_MKPASSWD, ends[0]);
    ::close(ends[0]);
}

MkpasswdRun::MkpasswdRun(const std::vector<std::string>& flags, Terminal) {
    if (::openpty(&keyboard_, &terminal_, nullptr, nullptr, nullptr) != 0) {
        throw std::runtime_error("no terminal");
    }
    ::fcntl(keyboard_, F_SETFD, FD_CLOEXEC);
    ::fcntl(terminal_, F_SETFD, FD_CLOEXEC);
    program_.emplace(flags, std::vector<std::string>{}, GNATSD_MKPASSWD, terminal_);
}

MkpasswdRun::~MkpasswdRun() {
    program_.reset();
    for (const int fd : {keyboard_, terminal_}) {
        if (fd >= 0) {
            ::close(fd);
        }
    }
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

}  // namespace gnatsd::tests
