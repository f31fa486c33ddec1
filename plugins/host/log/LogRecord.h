// LogRecord: one line of the log before it has a form.
//
// Threads: a value. Lifetime: `text` is valid while the call lasts that passes the record.

#pragma once

#include "kernel/Log.h"

#include <chrono>
#include <string_view>

namespace gnatsd::host {

using LogTime = std::chrono::system_clock::time_point;

struct LogRecord {
    LogTime time;
    kernel::Level level = kernel::Level::info;
    std::string_view text;
};

}  // namespace gnatsd::host
