// LineFormat: how a record becomes a line of a file or of the console.
//
// Threads: one; a format remembers the text of the last second.

#pragma once

#include "plugins/host/log/LogRecord.h"
#include "plugins/host/log/LogSettings.h"

#include <memory>
#include <string>

namespace gnatsd::host {

class LineFormat {
public:
    LineFormat() = default;
    virtual ~LineFormat() = default;
    LineFormat(const LineFormat&) = delete;
    LineFormat& operator=(const LineFormat&) = delete;

    /// Appends the record as UTF-8 with one newline, which is its last character. Whoever forgot to
    /// quote what a peer sent can forge no line with it (LOG-6, LOG-52).
    virtual void append(const LogRecord& record, std::string& out) = 0;
};

/// The format that the settings ask for. `colours`: for a terminal (LOG-5).
std::unique_ptr<LineFormat> makeLineFormat(const LogSettings& settings, bool colours);

}  // namespace gnatsd::host
