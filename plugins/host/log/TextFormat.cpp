#include "plugins/host/log/TextFormat.h"

#include "kernel/Text.h"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace gnatsd::host {

namespace {

// In the order of kernel::Level.
constexpr std::array<std::string_view, 6> kWords{"FTL", "ERR", "WRN", "INF", "DBG", "TRC"};
constexpr std::array<std::string_view, 6> kColours{"31", "31", "0;93", "32", "36", "33"};

}  // namespace

std::string_view levelWord(kernel::Level level) noexcept {
    return kWords[static_cast<std::size_t>(level)];
}

TextFormat::TextFormat(bool time, bool utc, bool colours)
    : pid_(std::to_string(::getpid())),
      time_(time),
      colours_(colours),
      clock_("%Y/%m/%d %H:%M:%S", utc) {}

void TextFormat::append(const LogRecord& record, std::string& out) {
    out.append("[").append(pid_).append("] ");
    if (time_) {
        clock_.append(record.time, out);
        out += '.';
        ClockText::appendFraction(record.time, 6, out);
        out += ' ';
    }
    if (colours_) {
        out.append("[\x1b[").append(kColours[static_cast<std::size_t>(record.level)]).append("m");
        out.append(levelWord(record.level)).append("\x1b[0m] ");
    } else {
        out.append("[").append(levelWord(record.level)).append("] ");
    }
    appendVisible(record.text, out);
    out += '\n';
}

void appendVisible(std::string_view text, std::string& out) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x7f;
    });
    if (plain) {
        out += text;
    } else {
        out += kernel::escapeControls(text);
    }
}

}  // namespace gnatsd::host
