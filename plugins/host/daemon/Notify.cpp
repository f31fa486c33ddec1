#include "plugins/host/daemon/Notify.h"

#include "plugins/host/SystemError.h"

#include <Poco/Environment.h>
#include <Poco/NumberParser.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace gnatsd::host {

namespace {

// Longer than this nobody who is alive takes; the server does not wait for the others.
constexpr timeval kSendTimeout{1, 0};

std::string take(const char* name) {
    std::string value = Poco::Environment::get(name, "");
    ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    return value;
}

/// Connects to a path or, with a leading @, to an abstract name. Answers errno, or 0.
int connectTo(int fd, const std::string& name) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (name.size() >= sizeof address.sun_path) {
        return ENAMETOOLONG;
    }
    std::memcpy(address.sun_path, name.data(), name.size());
    // The length of an abstract name is part of it; a path ends with a zero.
    std::size_t length = offsetof(sockaddr_un, sun_path) + name.size();
    if (name.front() == '@') {
        address.sun_path[0] = '\0';
    } else {
        ++length;
    }
    const int result =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length));
    return result == 0 ? 0 : errno;
}

}  // namespace

ServiceManager ServiceManager::takeFromEnvironment() {
    ServiceManager manager;
    manager.socket = take("NOTIFY_SOCKET");
    const std::string interval = take("WATCHDOG_USEC");
    const std::string pid = take("WATCHDOG_PID");
    Poco::UInt64 microseconds = 0;
    // The watchdog may be meant for the process that started us.
    if ((pid.empty() || pid == std::to_string(::getpid())) &&
        Poco::NumberParser::tryParseUnsigned64(interval, microseconds)) {
        manager.watchdog = std::chrono::microseconds(microseconds);
    }
    return manager;
}

Notify::Notify(const ServiceManager& manager, kernel::Log& log) : log_(log) {
    if (manager.socket.empty()) {
        return;
    }
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) {
        fail(errno);
        return;
    }
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout, sizeof kSendTimeout);
    if (const int error = connectTo(fd_, manager.socket); error != 0) {
        fail(error);
    }
}

Notify::~Notify() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

void Notify::ready(const std::string& status) {
    send("READY=1\nMAINPID=" + std::to_string(::getpid()) + "\nSTATUS=" + status + "\n");
}

void Notify::reloading() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds) +
         "\nSTATUS=Reloading configuration\n");
}

void Notify::status(const std::string& text) {
    send("STATUS=" + text + "\n");
}

void Notify::stopping() {
    send("STOPPING=1\nSTATUS=Shutting down\n");
}

void Notify::alive() {
    send("WATCHDOG=1\n");
}

void Notify::send(const std::string& message) {
    if (fd_ < 0) {
        return;
    }
    if (::send(fd_, message.data(), message.size(), MSG_NOSIGNAL) < 0) {
        fail(errno);
    }
}

void Notify::fail(int error) {
    log_.write(kernel::Level::warning,
               "The service manager cannot be told: " + systemErrorText(error));
}

}  // namespace gnatsd::host
