#include "plugins/host/log/SinkFactory.h"

#include "plugins/host/HostError.h"
#include "plugins/host/log/ConsoleSink.h"
#include "plugins/host/log/FileSink.h"
#include "plugins/host/log/SyslogSink.h"

#include <unistd.h>

namespace gnatsd::host {

std::unique_ptr<LogSink> makeSink(const LogSettings& settings, const std::string& executable) {
    if (!settings.file.empty()) {
        return std::make_unique<FileSink>(settings, makeLineFormat(settings, false));
    }
    const bool remote = !settings.remoteSyslog.empty();
    if (remote || settings.syslog) {
        if (settings.format == LogFormat::json) {
            throw HostError("log_format: json is for a log file or the console, not for syslog");
        }
        return std::make_unique<SyslogSink>(
            remote ? remoteSyslog(settings.remoteSyslog) : localSyslog(), executable);
    }
    return std::make_unique<ConsoleSink>(
        STDERR_FILENO, makeLineFormat(settings, ConsoleSink::isTerminal(STDERR_FILENO)));
}

std::string startErrorLine(std::string_view error) {
    std::string line;
    ClockText("%Y/%m/%d %H:%M:%S", false).append(LogTime::clock::now(), line);
    return line.append(" ").append(error);
}

}  // namespace gnatsd::host
