#include "plugins/host/log/LogOutput.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::host {

namespace {

constexpr OutputWait::Milliseconds kRetry{200};

std::size_t linesIn(std::string_view bytes) {
    return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

}  // namespace

LogOutput::LogOutput(Descriptor descriptor, Errors errors)
    : descriptor_(std::move(descriptor)), errors_(errors) {
    struct stat status = {};
    if (::fstat(descriptor_.get(), &status) != 0) {
        return;
    }
    if (S_ISREG(status.st_mode)) {
        kind_ = Kind::regular;
        sizeAtOpen_ = status.st_size;
    } else if (S_ISFIFO(status.st_mode)) {
        kind_ = Kind::pipe;
    } else if (S_ISSOCK(status.st_mode)) {
        kind_ = Kind::socket;
    }
}

bool LogOutput::isAt(const char* path) const noexcept {
    struct stat ours = {};
    struct stat there = {};
    return ::fstat(descriptor_.get(), &ours) == 0 && ::stat(path, &there) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

std::size_t LogOutput::write(std::string_view lines, const OutputWait& wait) {
    std::size_t written = 0;
    while (written < lines.size()) {
        // Regular files are always ready; the wait is for a reader that does not read.
        if (!wait.ready(descriptor_.get(), POLLOUT)) {
            break;
        }
        const std::string_view rest = lines.substr(written);
        const long count = writeSome(rest.substr(0, portion(rest)));
        if (count >= 0) {
            written += static_cast<std::size_t>(count);
        } else if (!retry(errno, wait)) {
            if (!wait.cancelled()) {
                return linesIn(lines);
            }
            break;
        }
    }
    removePartialLine(lines.substr(0, written));
    return linesIn(lines.substr(0, written));
}

void LogOutput::removePartialLine(std::string_view written) const noexcept {
    // The line is somebody else's to write now, perhaps into the same file.
    const auto partial = static_cast<std::int64_t>(written.size() - (written.rfind('\n') + 1));
    struct stat status = {};
    if (partial > 0 && kind_ == Kind::regular && ::fstat(descriptor_.get(), &status) == 0 &&
        ::ftruncate(descriptor_.get(), status.st_size - partial) != 0) {
        return;  // half a line stays, which loses nothing
    }
}

std::size_t LogOutput::portion(std::string_view bytes) const noexcept {
    if (kind_ != Kind::pipe || bytes.size() <= PIPE_BUF) {
        return bytes.size();
    }
    // A pipe that polls as writable takes PIPE_BUF bytes at once: whole lines, if they fit, so that
    // they do not mix with those of other processes (LOG-21).
    const std::size_t newline = bytes.substr(0, PIPE_BUF).rfind('\n');
    return newline == bytes.npos ? PIPE_BUF : newline + 1;
}

long LogOutput::writeSome(std::string_view bytes) const noexcept {
    if (kind_ == Kind::socket) {
        return ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    return ::write(descriptor_.get(), bytes.data(), bytes.size());
}

bool LogOutput::retry(int error, const OutputWait& wait) const noexcept {
    if (error == EINTR) {
        return true;
    }
    const bool passes =
        errors_ == Errors::pass || error == EAGAIN || error == ENOSPC || error == EDQUOT;
    return passes && wait.pause(kRetry);
}

}  // namespace gnatsd::host
