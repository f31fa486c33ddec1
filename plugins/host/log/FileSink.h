// FileSink: lines at the end of a file (LOG-20, LOG-21), with rotation by size (LOG-30, OPT-151).
//
// A full disk or another error is waited for; a line that was cut by it is completed when there is
// space again. What is no regular file (a pipe, a device) is never rotated.
//
// Threads, lifetime: as LogSink.

#pragma once

#include "plugins/host/log/LineFormat.h"
#include "plugins/host/log/LogOutput.h"
#include "plugins/host/log/LogSink.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::host {

class FileSink final : public LogSink {
public:
    /// Throws HostError when the file cannot be opened (LOG-20).
    FileSink(const LogSettings& settings, std::unique_ptr<LineFormat> format);

    std::size_t write(std::span<const LogRecord> records) override;

private:
    void begin();
    bool exceeds(std::int64_t size) const noexcept;
    std::size_t put(std::string_view lines);
    void putOwn(kernel::Level level, std::string_view text);
    void open();
    void rotate();
    void renameAndOpen(const std::string& backup);
    void purge();

    const std::string path_;
    const std::int64_t sizeLimit_;
    const int maxFiles_;
    const std::unique_ptr<LineFormat> format_;

    LogOutput output_;
    std::int64_t size_ = 0;
    std::int64_t limit_;  // doubled while rotating fails
    bool begun_ = false;
    std::string lines_;
};

}  // namespace gnatsd::host
