// Reader: a configuration text and how far it has been read. It counts lines, skips what may be
// skipped and words the errors of the place where it stands.
//
// Threads: a plain value.
// Lifetime: views the text, which outlives it.

#pragma once

#include "plugins/host/conf/Value.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::host::conf {

/// A problem, before it becomes a ParseError.
struct Fault {
    std::size_t at = 0;  // the byte to point at
    std::string message;
    std::string hint;   // may be empty
    std::string shown;  // the message without secrets; empty: it has none
};

class Reader {
public:
    /// `secret`: all of the text is the value of a key that holds secrets.
    Reader(std::string_view text, const std::string& name, bool secret);

    bool atEnd() const noexcept { return position_ == text_.size(); }

    /// The byte that comes next or after it; '\0' behind the end (the text has none, CFG-4).
    char peek(std::size_t ahead = 0) const noexcept {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }
    void advance() noexcept;
    void skipTo(std::size_t position) noexcept;
    /// Requires: no newline between there and here.
    void backTo(std::size_t position) noexcept { position_ = position; }

    std::size_t position() const noexcept { return position_; }
    int line() const noexcept { return line_; }
    Place place() const;  // of what comes next (CFG-81)
    std::string_view text() const noexcept { return text_; }
    std::string_view textFrom(std::size_t begin) const { return slice(begin, position_); }
    std::string_view slice(std::size_t begin, std::size_t end) const {
        return text_.substr(begin, end - begin);
    }
    const std::string& name() const noexcept { return *name_; }

    void skipBlanks() noexcept;  // CFG-6
    void skipSpace() noexcept;   // newlines and Unicode's white space too
    /// Bytes of white space, newlines included, at the position; 0 if there is none.
    std::size_t spaceSize() const noexcept;
    bool atNewline() const noexcept { return peek() == '\n' || peek() == '\r'; }
    bool atComment() const noexcept { return peek() == '#' || (peek() == '/' && peek(1) == '/'); }
    void skipComment() noexcept;  // up to the newline

    /// The character that comes next, for an error text: "x", "\n", "EOF".
    std::string found() const;
    /// The same, consumed: a newline counts for the line that the error names (CFG-5).
    std::string takeFound();

    /// From where on the text is not to be shown; npos: all of it may be.
    std::size_t hiddenFrom() const noexcept { return hiddenFrom_; }
    void hideFrom(std::size_t position) noexcept { hiddenFrom_ = position; }
    /// Whether what is being read is secret.
    bool hides() const noexcept { return hiddenFrom_ != std::string_view::npos; }

    /// Throws ParseError with the message as it is, or wrapped as CFG-80 wants it.
    [[noreturn]] void fail(const Fault& fault) const;
    [[noreturn]] void syntaxError(std::size_t at, const std::string& what,
                                  const std::string& hint = {}) const;

private:
    void refuseNul() const;

    std::string_view text_;
    std::shared_ptr<const std::string> name_;
    std::size_t position_ = 0;
    std::size_t lineBegin_ = 0;
    std::size_t hiddenFrom_ = std::string_view::npos;
    int line_ = 1;
};

}  // namespace gnatsd::host::conf
