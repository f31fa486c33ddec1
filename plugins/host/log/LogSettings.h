// LogSettings: where log lines go and how they look, as the options ask for it.
//
// Threads: a plain value.

#pragma once

#include <cstdint>
#include <string>

namespace gnatsd::host {

enum class LogFormat { text, json };

struct LogSettings {
    std::string file;            // OPT-32; goes before the others (OPT-50)
    std::int64_t sizeLimit = 0;  // bytes, 0: no rotation (LOG-30)
    int maxFiles = 0;            // rotated files that are kept, 0: all (OPT-151)
    std::string remoteSyslog;    // URL (OPT-34)
    bool syslog = false;         // OPT-33
    bool time = true;            // OPT-25
    bool utc = false;            // OPT-152
    LogFormat format = LogFormat::text;

    bool operator==(const LogSettings&) const = default;
};

}  // namespace gnatsd::host
