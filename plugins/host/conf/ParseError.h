// ParseError: why a configuration file cannot be read. message() is the text that the rules give
// (CFG-80, CFG-67, CFG-74, ...); report() is what helps a person to repair the file.
//
// Threads: a value.

#pragma once

#include <Poco/Exception.h>

#include <string>

namespace gnatsd::host::conf {

class ParseError final : public Poco::RuntimeException {
public:
    struct Details {
        std::string shown;    // message() without secrets
        std::string file;     // as the user or the include called it; empty for a text without name
        int line = 0;         // 0: no place, the file could not be opened
        int column = 0;       // byte of the line, from 1
        std::string excerpt;  // the source line and the caret, secrets hidden
        std::string hint;     // what to do about it, if known
        std::string trail;    // the includes that led there, a line each
    };

    ParseError(const std::string& message, Details details)
        : Poco::RuntimeException(message), details_(std::move(details)) {}

    const char* name() const noexcept override { return "Configuration error"; }
    const char* className() const noexcept override { return "gnatsd::host::conf::ParseError"; }
    Poco::Exception* clone() const override { return new ParseError(*this); }
    void rethrow() const override { throw *this; }  // NOLINT: Poco's contract for clones

    /// Where to look. For something that is never closed it is where that begins, while the line
    /// in message() is the one at which the parser noticed (CFG-5).
    const std::string& file() const noexcept { return details_.file; }
    int line() const noexcept { return details_.line; }
    int column() const noexcept { return details_.column; }
    const Details& details() const noexcept { return details_; }

    /// Several lines without a last newline: FILE:LINE:COL and the message, the source line, a
    /// caret, a hint, the includes. Neither secrets nor control characters are in it.
    std::string report() const;

private:
    Details details_;
};

}  // namespace gnatsd::host::conf
