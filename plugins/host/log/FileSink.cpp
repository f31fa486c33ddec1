#include "plugins/host/log/FileSink.h"

#include "kernel/Text.h"
#include "plugins/host/HostError.h"
#include "plugins/host/SystemError.h"
#include "plugins/host/log/LogFile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <unistd.h>
#include <utility>

namespace gnatsd::host {

namespace {

constexpr std::size_t kBatchSize = 64 * 1024;

[[noreturn]] void fail(const std::string& what, int error) {
    throw HostError(what + ": " + systemErrorText(error));
}

}  // namespace

FileSink::FileSink(const LogSettings& settings, std::unique_ptr<LineFormat> format)
    : path_(settings.file),
      sizeLimit_(settings.sizeLimit),
      maxFiles_(settings.maxFiles),
      format_(std::move(format)),
      limit_(settings.sizeLimit) {
    open();
}

std::size_t FileSink::write(std::span<const LogRecord> records) {
    if (!begun_) {
        begin();
    }
    std::size_t done = 0;
    while (done < records.size()) {
        std::size_t end = done;
        lines_.clear();
        // At least one line for a file, however small the limit.
        do {
            format_->append(records[end++], lines_);
        } while (end < records.size() && lines_.size() < kBatchSize &&
                 !exceeds(size_ + static_cast<std::int64_t>(lines_.size())));
        done += put(lines_);
        if (done < end) {
            break;
        }
        if (exceeds(size_)) {
            rotate();
        }
    }
    return done;
}

void FileSink::begin() {
    // Not when it is opened: another sink may still be writing to the same file.
    begun_ = true;
    if (exceeds(size_)) {
        putOwn(kernel::Level::info, "Rotating logfile...");
        rotate();
    }
}

bool FileSink::exceeds(std::int64_t size) const noexcept {
    return limit_ > 0 && size > limit_ && output_.isRegular();
}

std::size_t FileSink::put(std::string_view lines) {
    size_ += static_cast<std::int64_t>(lines.size());
    return output_.write(lines, outputWait());
}

void FileSink::putOwn(kernel::Level level, std::string_view text) {
    std::string line;
    format_->append({LogTime::clock::now(), level, text}, line);
    put(line);
}

void FileSink::open() {
    output_ = LogOutput(openLogFile(path_), LogOutput::Errors::pass);
    size_ = output_.sizeAtOpen();
}

void FileSink::rotate() {
    // What somebody else has put in our file's place is not ours to rename.
    const bool ours = output_.isAt(path_.c_str());
    const std::string backup = backupName(path_, LogTime::clock::now());
    try {
        ours ? renameAndOpen(backup) : open();
    } catch (const HostError& error) {
        constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
        limit_ = limit_ > kMost / 2 ? kMost : limit_ * 2;
        putOwn(kernel::Level::error, "Unable to close logfile for rotation (" + error.message() +
                                         "), will attempt next rotation at size " +
                                         std::to_string(limit_));
        return;
    }
    limit_ = sizeLimit_;
    if (ours) {
        putOwn(kernel::Level::info, "Rotated log, backup saved as " + kernel::quote(backup));
        purge();
    } else {
        putOwn(kernel::Level::info, "File log re-opened");
    }
}

void FileSink::renameAndOpen(const std::string& backup) {
    if (std::rename(path_.c_str(), backup.c_str()) != 0) {
        fail("rename " + path_ + " " + backup, errno);
    }
    LogOutput old = std::move(output_);
    try {
        open();
    } catch (const HostError&) {
        output_ = std::move(old);
        std::rename(backup.c_str(), path_.c_str());
        throw;
    }
    if (!old.close()) {
        fail("close " + backup, errno);
    }
}

void FileSink::purge() {
    if (maxFiles_ <= 0) {
        return;
    }
    std::vector<std::string> backups = findBackups(path_);
    const auto kept = std::min(backups.size(), static_cast<std::size_t>(maxFiles_));
    backups.resize(backups.size() - kept);
    for (const std::string& name : backups) {
        if (::unlink(name.c_str()) == 0) {
            putOwn(kernel::Level::info, "Purged log file " + kernel::quote(name));
        } else {
            putOwn(kernel::Level::error, "Unable to remove old log file " + kernel::quote(name) +
                                             ": " + systemErrorText(errno));
        }
    }
}

}  // namespace gnatsd::host
