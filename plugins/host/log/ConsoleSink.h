// ConsoleSink: lines on standard error (LOG-4, LOG-5).
//
// Standard error belongs to others too, so its descriptor is never made non-blocking: a pipe or a
// terminal is opened anew for this sink. When its reader has gone, lines go nowhere.
//
// Threads, lifetime: as LogSink.

#pragma once

#include "plugins/host/log/LineFormat.h"
#include "plugins/host/log/LogOutput.h"
#include "plugins/host/log/LogSink.h"

#include <memory>
#include <string>

namespace gnatsd::host {

class ConsoleSink final : public LogSink {
public:
    ConsoleSink(int descriptor, std::unique_ptr<LineFormat> format);

    std::size_t write(std::span<const LogRecord> records) override;

    /// Whether lines for it get colours.
    static bool isTerminal(int descriptor);

private:
    const std::unique_ptr<LineFormat> format_;
    LogOutput output_;
    std::string lines_;
};

}  // namespace gnatsd::host
