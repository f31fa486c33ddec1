// TextFormat: "[PID] YYYY/MM/DD HH:MM:SS.uuuuuu [LVL] text" (LOG-1 to LOG-7).
//
// Threads: one.

#pragma once

#include "plugins/host/log/ClockText.h"
#include "plugins/host/log/LineFormat.h"

#include <string>
#include <string_view>

namespace gnatsd::host {

/// The three letters that stand for the level in a line (LOG-3).
std::string_view levelWord(kernel::Level level) noexcept;

class TextFormat final : public LineFormat {
public:
    TextFormat(bool time, bool utc, bool colours);

    void append(const LogRecord& record, std::string& out) override;

private:
    const std::string pid_;
    const bool time_;
    const bool colours_;
    ClockText clock_;
};

/// Appends `text` with all that is no printable UTF-8 escaped as by LOG-10.
void appendVisible(std::string_view text, std::string& out);

}  // namespace gnatsd::host
