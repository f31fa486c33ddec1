// Numbers and dates (CFG-41 to CFG-50), and the texts that begin like them.

#include "plugins/host/conf/MapBuilder.h"
#include "plugins/host/conf/Scalar.h"

#include <charconv>
#include <chrono>
#include <limits>

namespace gnatsd::host::conf {

namespace {

using Kind = Scalar::Kind;

constexpr std::string_view kSizes = "kmgtpe";
constexpr char kQuoteHint[] = "a text needs quotes";

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

void skipDigits(Reader& in) {
    while (isDigit(in.peek())) {
        in.advance();
    }
}

/// CFG-43, CFG-44
bool endsInteger(const Reader& in) {
    constexpr std::string_view kEnds = " \t\r\n,;}]";
    return in.atEnd() || kEnds.find(in.peek()) != std::string_view::npos;
}

[[noreturn]] void outOfRange(Reader& in, std::size_t begin, const char* what) {
    const std::string type(what);
    in.fail({begin, type + " '" + std::string(in.textFrom(begin)) + "' is out of the range",
             kQuoteHint, in.hides() ? type + " is out of the range" : std::string()});
}

/// What `letter` and `rest` multiply with: 1000^n, with `b`, `i` or `ib` behind it 1024^n (CFG-42).
std::int64_t factor(char letter, bool binary) {
    const std::size_t power = kSizes.find(static_cast<char>(letter | 0x20)) + 1;
    std::int64_t result = 1;
    for (std::size_t i = 0; i < power; ++i) {
        result *= binary ? 1024 : 1000;
    }
    return result;
}

Scalar integer(Reader& in, std::size_t begin, std::size_t digitsEnd, std::int64_t times) {
    const std::string_view digits = in.slice(begin, digitsEnd);
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    if (result.ec != std::errc() || value > kMost / times || value < kLeast / times) {
        outOfRange(in, begin, "integer");
    }
    return {Kind::integer, value * times};
}

/// An integer with a suffix. What is none makes a text of it, unless a sign stands before it or a
/// digit follows: then the number ends where it can.
Scalar suffixed(Reader& in, std::size_t begin, bool negative) {
    const std::size_t letter = in.position();
    in.advance();
    while ((in.peek() | 0x20) == 'b' || (in.peek() | 0x20) == 'i') {
        in.advance();
    }
    const std::string rest = folded(in.textFrom(letter + 1));
    const bool known = rest.empty() || rest == "b" || rest == "i" || rest == "ib";
    if (!negative && !isDigit(in.peek()) && (!known || !endsInteger(in))) {
        in.backTo(begin);
        return readUnquoted(in);
    }
    if (!known) {
        const std::size_t kept = rest.compare(0, 2, "ib") == 0 ? 2 : 1;
        in.backTo(letter + 1 + kept);
    }
    return integer(in, begin, letter, factor(in.text()[letter], !rest.empty()));
}

/// CFG-47, CFG-48. Requires: a point comes next.
Scalar realOrAddress(Reader& in, std::size_t begin) {
    const std::size_t point = in.position();
    in.advance();
    if (!isDigit(in.peek())) {
        const std::string found = in.takeFound();
        in.syntaxError(point,
                       "Floats must have a digit after the '.', but got '" + found + "' instead.",
                       kQuoteHint);
    }
    skipDigits(in);
    if (in.peek() == '.') {
        while (isDigit(in.peek()) || in.peek() == '.' || in.peek() == ':' || in.peek() == '-') {
            in.advance();
        }
        return {Kind::address, std::string(in.textFrom(begin))};
    }
    const std::string_view digits = in.textFrom(begin);
    double value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                        std::chars_format::fixed);
    if (result.ec != std::errc()) {
        // Too small to tell from zero is no error.
        if (digits.substr(0, digits.find('.')).find_first_of("123456789") != digits.npos) {
            outOfRange(in, begin, "float");
        }
        value = digits.front() == '-' ? -0.0 : 0.0;
    }
    return {Kind::real, value};
}

int numberAt(std::string_view text, std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
}

/// CFG-50. Requires: four digits are read and a '-' comes next.
Scalar date(Reader& in, std::size_t begin) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
    for (const char expected : kShape.substr(4)) {
        const bool digit = expected == '0';
        if (digit ? isDigit(in.peek()) : in.peek() == expected) {
            in.advance();
            continue;
        }
        const std::size_t at = in.position();
        const std::string found = in.takeFound();
        std::string text = "Expected ";
        text += digit ? std::string("digit") : std::string{'\'', expected, '\''};
        text.append(" in ISO8601 datetime, but found '").append(found).append("' instead.");
        in.syntaxError(at, text, "four digits and `-` begin a date; a text needs quotes");
    }
    namespace ch = std::chrono;
    const std::string_view text = in.textFrom(begin);
    const ch::year_month_day day{
        ch::year(numberAt(text, 0, 4)),
        ch::month(static_cast<unsigned>(numberAt(text, 5, 2))),
        ch::day(static_cast<unsigned>(numberAt(text, 8, 2))),
    };
    const int hour = numberAt(text, 11, 2);
    const int minute = numberAt(text, 14, 2);
    const int second = numberAt(text, 17, 2);
    if (!day.ok() || hour > 23 || minute > 59 || second > 59) {
        in.fail({begin, "expected Zulu formatted DateTime, but got '" + std::string(text) + "'",
                 "there is no such day or time; a text needs quotes",
                 in.hides() ? "expected Zulu formatted DateTime" : std::string()});
    }
    const std::int64_t days = ch::sys_days(day).time_since_epoch().count();
    return {Kind::date, Date{((days * 24 + hour) * 60 + minute) * 60 + second}};
}

}  // namespace

Scalar readNumber(Reader& in) {
    const std::size_t begin = in.position();
    const bool negative = in.peek() == '-';
    if (negative) {
        in.advance();
        if (in.peek() == '.') {
            in.syntaxError(begin, "Floats must start with a digit, not '.'.", kQuoteHint);
        }
        if (!isDigit(in.peek())) {
            const std::string found = in.takeFound();
            in.syntaxError(begin, "Expected a digit but got '" + found + "'.",
                           "a text that begins with `-` needs quotes");
        }
    }
    skipDigits(in);
    const char c = in.peek();
    if (c == '.') {
        return realOrAddress(in, begin);
    }
    if (c == '-' && !negative) {
        if (in.position() - begin != 4) {
            in.syntaxError(begin, "All ISO8601 dates must be in full Zulu form.",
                           "a text with digits and `-` needs quotes");
        }
        return date(in, begin);
    }
    if (c != '\0' && kSizes.find(static_cast<char>(c | 0x20)) != std::string_view::npos) {
        return suffixed(in, begin, negative);
    }
    if (negative || endsInteger(in)) {
        return integer(in, begin, in.position(), 1);
    }
    in.backTo(begin);
    return readUnquoted(in);
}

}  // namespace gnatsd::host::conf
