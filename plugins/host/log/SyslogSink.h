// SyslogSink: records for a local or remote syslog (LOG-40 to LOG-42).
//
// Threads, lifetime: as LogSink.

#pragma once

#include "plugins/host/log/ClockText.h"
#include "plugins/host/log/LogSink.h"
#include "plugins/host/log/SyslogSocket.h"
#include "plugins/host/log/SyslogTarget.h"

#include <string>

namespace gnatsd::host {

class SyslogSink final : public LogSink {
public:
    /// Connects; throws HostError when nobody answers. The tag is the base name of `executable`.
    SyslogSink(SyslogTarget target, const std::string& executable);

    std::size_t write(std::span<const LogRecord> records) override;

private:
    void format(const LogRecord& record);

    const SyslogTarget::Form form_;
    const int facility_;
    const std::string host_;
    const std::string tag_;  // "gnatsd[27419]: "
    ClockText clock_;
    SyslogSocket socket_;
    std::string message_;
};

}  // namespace gnatsd::host
