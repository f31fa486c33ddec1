// ClockText: times as text. Breaking a time down is dear, so the last second is remembered.
//
// Threads: one.

#pragma once

#include "plugins/host/log/LogRecord.h"

#include <ctime>
#include <string>

namespace gnatsd::host {

class ClockText {
public:
    /// `pattern` is one of strftime's, down to seconds.
    ClockText(const char* pattern, bool utc) : pattern_(pattern), utc_(utc) {}

    /// The second, by the pattern.
    void append(LogTime time, std::string& out);

    /// The fraction of the second, in `digits` digits: "379640".
    static void appendFraction(LogTime time, int digits, std::string& out);

    /// The zone as RFC 3339 wants it: "Z" or "+02:00".
    void appendZone(LogTime time, std::string& out);

    /// The fields of the second.
    const std::tm& fields(LogTime time);

private:
    const char* const pattern_;
    const bool utc_;
    std::time_t second_ = -1;
    std::tm fields_ = {};
    std::string text_;
};

}  // namespace gnatsd::host
