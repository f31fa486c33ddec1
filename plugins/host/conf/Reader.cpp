#include "plugins/host/conf/Reader.h"

#include "kernel/Text.h"
#include "kernel/Utf8.h"
#include "plugins/host/conf/Excerpt.h"
#include "plugins/host/conf/ParseError.h"

#include <algorithm>

namespace gnatsd::host::conf {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isSpace(char32_t value) noexcept {
    return (value >= 0x09 && value <= 0x0D) || value == 0x20 || value == 0x85 || value == 0xA0 ||
           value == 0x1680 || (value >= 0x2000 && value <= 0x200A) || value == 0x2028 ||
           value == 0x2029 || value == 0x202F || value == 0x205F || value == 0x3000;
}

}  // namespace

Reader::Reader(std::string_view text, const std::string& name, bool secret)
    : text_(text),
      name_(std::make_shared<const std::string>(name)),
      hiddenFrom_(secret ? 0 : std::string_view::npos) {
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        text_.remove_prefix(kByteOrderMark.size());
    }
    refuseNul();
}

void Reader::refuseNul() const {
    const std::size_t at = text_.find('\0');
    if (at == std::string_view::npos) {
        return;
    }
    const bool utf16 =
        text_.substr(0, 2) == "\xFF\xFE" || text_.substr(0, 2) == "\xFE\xFF" || at == 1;
    fail({at,
          "Parse error on line " + std::to_string(spotOf(text_, at).line) +
              ": 'Unexpected NUL character.'",
          utf16 ? "the file seems to be UTF-16: save it as UTF-8" : "this is no text file",
          {}});
}

void Reader::advance() noexcept {
    if (text_[position_++] == '\n') {
        ++line_;
        lineBegin_ = position_;
    }
}

void Reader::skipTo(std::size_t position) noexcept {
    const std::string_view skipped = slice(position_, position);
    const std::size_t newline = skipped.rfind('\n');
    if (newline != std::string_view::npos) {
        line_ += static_cast<int>(std::count(skipped.begin(), skipped.end(), '\n'));
        lineBegin_ = position_ + newline + 1;
    }
    position_ = position;
}

Place Reader::place() const {
    const std::size_t column = position_ - lineBegin_ + (line_ == 1 ? 0 : 1);
    return {name_, line_, static_cast<int>(column)};
}

void Reader::skipBlanks() noexcept {
    while (peek() == ' ' || peek() == '\t') {
        ++position_;
    }
}

std::size_t Reader::spaceSize() const noexcept {
    const auto byte = static_cast<unsigned char>(peek());
    if (atEnd()) {
        return 0;
    }
    if (byte < 0x80) {
        return isSpace(byte) ? 1 : 0;
    }
    const kernel::CodePoint point = kernel::decodeUtf8(text_.substr(position_));
    return point.valid && isSpace(point.value) ? point.size : 0;
}

void Reader::skipSpace() noexcept {
    for (std::size_t size = spaceSize(); size > 0; size = spaceSize()) {
        advance();
        position_ += size - 1;
    }
}

void Reader::skipComment() noexcept {
    position_ = std::min(text_.find_first_of("\r\n", position_), text_.size());
}

std::string Reader::found() const {
    if (atEnd()) {
        return "EOF";
    }
    const std::string_view rest = text_.substr(position_);
    return kernel::escapeControls(rest.substr(0, kernel::decodeUtf8(rest).size));
}

std::string Reader::takeFound() {
    std::string character = found();
    if (!atEnd()) {
        advance();
    }
    return character;
}

void Reader::fail(const Fault& fault) const {
    const Spot spot = spotOf(text_, fault.at);
    ParseError::Details details;
    details.shown = fault.shown;
    details.file = *name_;
    details.line = spot.line;
    details.column = spot.column;
    details.excerpt = excerpt(text_, fault.at, hiddenFrom_);
    details.hint = fault.hint;
    throw ParseError(fault.message, details);
}

void Reader::syntaxError(std::size_t at, const std::string& what, const std::string& hint) const {
    fail({at, "Parse error on line " + std::to_string(line_) + ": '" + what + "'", hint, {}});
}

}  // namespace gnatsd::host::conf
