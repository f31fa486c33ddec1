// ControlLine: the words of one client line: which operation, which arguments. Pure functions.
//
// Used by the Parser only; split off because it knows nothing of buffers.

#pragma once

#include "kernel/Limits.h"
#include "kernel/Parser.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gnatsd::kernel {

enum class Parser::Verb : std::uint8_t {
    connect,
    pub,
    hpub,
    sub,
    unsub,
    ping,
    pong,
    info,
    ok,
    err,
    unknown,
    incomplete,  // what is there may still become an operation
};

struct ControlLine {
    Parser::Verb verb = Parser::Verb::unknown;
    std::size_t argsAt = 0;  // behind the name and the blanks that follow it
    std::size_t blanks = 0;  // how many blanks that were
};

/// Recognises the operation at the front of a line or of the start of one (CP-3 to CP-6).
ControlLine classify(std::string_view line) noexcept;

/// CP-161: arguments (or the blanks before them) longer than the limit. One CR at the end does not
/// count.
bool tooLong(const ControlLine& line, std::string_view text, const Limits& limits) noexcept;

/// Splits arguments into words. CR separates where `crSeparates` (CP-9).
/// Answers the number of words, of which at most `limit` are stored.
std::size_t splitWords(std::string_view args, bool crSeparates, std::string_view* words,
                       std::size_t limit) noexcept;

/// A size of up to nine digits (CP-43).
enum class SizeText { good, tooManyDigits, bad };
SizeText parseSize(std::string_view text, std::size_t& size) noexcept;

/// What ends a payload, and most lines (CP-1).
inline constexpr std::size_t kCrlf = 2;
/// Requires: two readable bytes.
inline bool endsWithCrlf(const char* at) noexcept {
    return at[0] == '\r' && at[1] == '\n';
}

}  // namespace gnatsd::kernel
