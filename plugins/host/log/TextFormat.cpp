#include "plugins/host/log/TextFormat.h"

#include "kernel/Text.h"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace gnatsd::host {

namespace {

struct LevelLook {
    const char* word;
    const char* colour;
};

const LevelLook& look(kernel::Level level) {
    // In the order of kernel::Level.
    static constexpr std::array<LevelLook, 6> kLooks{{{"FTL", "31"},
                                                      {"ERR", "31"},
                                                      {"WRN", "0;93"},
                                                      {"INF", "32"},
                                                      {"DBG", "36"},
                                                      {"TRC", "33"}}};
    return kLooks[static_cast<std::size_t>(level)];
}

}  // namespace

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
    const LevelLook& shown = look(record.level);
    if (colours_) {
        out.append("[\x1b[").append(shown.colour).append("m").append(shown.word);
        out.append("\x1b[0m] ");
    } else {
        out.append("[").append(shown.word).append("] ");
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
