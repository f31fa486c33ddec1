#include "kernel/ControlLine.h"

#include <algorithm>
#include <array>

namespace gnatsd::kernel {

namespace {

using Verb = Parser::Verb;

enum class After { blank, anything };

struct Name {
    std::string_view text;  // upper case
    Verb verb;
    After after;  // what must follow the name (CP-6, CP-8)
};

constexpr std::array<Name, 10> kNames{{
    {"PUB", Verb::pub, After::blank},
    {"HPUB", Verb::hpub, After::blank},
    {"SUB", Verb::sub, After::blank},
    {"UNSUB", Verb::unsub, After::blank},
    {"PING", Verb::ping, After::anything},
    {"PONG", Verb::pong, After::anything},
    {"CONNECT", Verb::connect, After::anything},
    {"INFO", Verb::info, After::anything},
    {"+OK", Verb::ok, After::anything},
    {"-ERR", Verb::err, After::blank},
}};

constexpr char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

constexpr bool isBlank(char c) noexcept {
    return c == ' ' || c == '\t';
}

}  // namespace

ControlLine classify(std::string_view line) noexcept {
    for (const Name& name : kNames) {
        const std::size_t common = std::min(line.size(), name.text.size());
        const bool same =
            std::equal(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(common),
                       name.text.begin(), [](char a, char b) { return upper(a) == b; });
        if (!same) {
            continue;
        }
        if (line.size() < name.text.size() ||
            (line.size() == name.text.size() && name.after == After::blank)) {
            return {Verb::incomplete, line.size(), 0};
        }
        std::size_t at = name.text.size();
        if (name.after == After::blank && !isBlank(line[at])) {
            return {};
        }
        while (at < line.size() && isBlank(line[at])) {
            ++at;
        }
        return {name.verb, at, at - name.text.size()};
    }
    return {};
}

bool tooLong(const ControlLine& line, std::string_view text, const Limits& limits) noexcept {
    std::string_view args = text.substr(line.argsAt);
    if (!args.empty() && args.back() == '\r') {
        args.remove_suffix(1);
    }
    return args.size() > limits.maxControlLine || line.blanks > limits.maxControlLine;
}

std::size_t splitWords(std::string_view args, bool crSeparates, std::string_view* words,
                       std::size_t limit) noexcept {
    const auto separates = [&](char c) { return isBlank(c) || (crSeparates && c == '\r'); };
    std::size_t count = 0;
    std::size_t at = 0;
    while (at < args.size()) {
        if (separates(args[at])) {
            ++at;
            continue;
        }
        const std::size_t from = at;
        while (at < args.size() && !separates(args[at])) {
            ++at;
        }
        if (count < limit) {
            words[count] = args.substr(from, at - from);
        }
        ++count;
    }
    return count;
}

SizeText parseSize(std::string_view text, std::size_t& size) noexcept {
    if (text.empty() ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return SizeText::bad;
    }
    if (text.size() > 9) {
        return SizeText::tooManyDigits;
    }
    size = 0;
    for (const char c : text) {
        size = size * 10 + static_cast<std::size_t>(c - '0');
    }
    return SizeText::good;
}

}  // namespace gnatsd::kernel
