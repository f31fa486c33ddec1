// makeSink: from settings to the sink that they ask for.
//
// Threads: any.

#pragma once

#include "plugins/host/log/LogSettings.h"
#include "plugins/host/log/LogSink.h"

#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::host {

/// Log file, else remote syslog, else syslog, else standard error (OPT-50). Opens it; throws
/// HostError with the text of LOG-20, CLI-71 or CLI-72. JSON is refused for syslog, whose lines
/// have a form of their own (LOG-41, LOG-42).
std::unique_ptr<LogSink> makeSink(const LogSettings& settings, const std::string& executable);

/// How such an error is shown on standard error while there is no log: with date and time in front
/// (LOG-20): "2016/04/26 13:21:20 error opening file: open X: REASON".
std::string startErrorLine(std::string_view error);

}  // namespace gnatsd::host
