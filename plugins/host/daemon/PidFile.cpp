#include "plugins/host/daemon/PidFile.h"

#include "plugins/host/SystemError.h"

#include <Poco/Exception.h>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace gnatsd::host {

namespace {

[[noreturn]] void fail(const char* step, const std::string& path, int error) {
    throw Poco::FileException("Could not write pidfile: " + std::string(step) + " " + path + ": " +
                              systemErrorText(error));
}

}  // namespace

void writePidFile(const std::string& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);
    if (fd < 0) {
        fail("open", path, errno);
    }
    const std::string pid = std::to_string(::getpid());
    const ssize_t count = ::write(fd, pid.data(), pid.size());
    const int error = count < 0 ? errno : EIO;
    ::close(fd);
    if (count != static_cast<ssize_t>(pid.size())) {
        fail("write", path, error);
    }
}

}  // namespace gnatsd::host
