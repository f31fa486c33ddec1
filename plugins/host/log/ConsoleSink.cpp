#include "plugins/host/log/ConsoleSink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace gnatsd::host {

namespace {

constexpr std::size_t kBatchSize = 64 * 1024;

Descriptor openAnew(int descriptor) {
    struct stat status = {};
    // A file keeps the descriptor: another one would have its own place in it.
    if (::fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode)) {
        const std::string path = "/dev/fd/" + std::to_string(descriptor);
        Descriptor own(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        if (own) {
            return own;
        }
    }
    return Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
}

}  // namespace

ConsoleSink::ConsoleSink(int descriptor, std::unique_ptr<LineFormat> format)
    : format_(std::move(format)), output_(openAnew(descriptor), LogOutput::Errors::stay) {}

std::size_t ConsoleSink::write(std::span<const LogRecord> records) {
    std::size_t done = 0;
    while (done < records.size()) {
        std::size_t end = done;
        lines_.clear();
        while (end < records.size() && lines_.size() < kBatchSize) {
            format_->append(records[end++], lines_);
        }
        done += output_.write(lines_, outputWait());
        if (done < end) {
            break;
        }
    }
    return done;
}

bool ConsoleSink::isTerminal(int descriptor) {
    struct stat status = {};
    return ::fstat(descriptor, &status) == 0 && S_ISCHR(status.st_mode);
}

}  // namespace gnatsd::host
