#include "plugins/host/CommandLine.h"

#include "kernel/ServerInfo.h"
#include "kernel/Text.h"
#include "plugins/host/FlagTable.h"
#include "plugins/host/FlagValue.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace gnatsd::host {

namespace {

constexpr int kBadFlag = 2;     // CLI-61
constexpr int kBadCommand = 1;  // CLI-62
constexpr std::size_t kHelpColumn = 37;

/// Takes flags off the front of the arguments until one of the ends of CLI-5.
class FlagParser {
public:
    FlagParser(std::span<const std::string> arguments, FlagTarget& target)
        : rest_(arguments), target_(target) {}

    /// False at the first error; error() then says which.
    bool parse() {
        while (!rest_.empty() && isFlag(rest_.front())) {
            const std::string_view argument = rest_.front();
            rest_ = rest_.subspan(1);
            if (argument == "--") {
                return true;
            }
            if (!parseFlag(argument)) {
                return false;
            }
        }
        return true;
    }

    const std::string& error() const { return error_; }
    std::span<const std::string> positional() const { return rest_; }

private:
    static bool isFlag(std::string_view argument) {
        return argument.size() >= 2 && argument.front() == '-';
    }

    bool fail(std::string text) {
        error_ = std::move(text);
        return false;
    }

    bool parseFlag(std::string_view argument) {
        std::string_view name = argument.substr(argument[1] == '-' ? 2 : 1);
        if (name.front() == '-' || name.front() == '=') {
            return fail("bad flag syntax: " + std::string(argument));
        }
        const std::size_t equals = name.find('=');
        const bool hasValue = equals != std::string_view::npos;
        const std::string_view value = hasValue ? name.substr(equals + 1) : std::string_view();
        name = name.substr(0, equals);
        const Flag* flag = findFlag(name);
        if (flag == nullptr) {
            return fail("flag provided but not defined: -" + std::string(name));
        }
        if (flag->kind == FlagKind::boolean) {
            return setBoolean(*flag, name, hasValue ? value : "true");
        }
        if (hasValue) {
            return setValue(*flag, name, value);
        }
        if (rest_.empty()) {
            return fail("flag needs an argument: -" + std::string(name));
        }
        const std::string_view next = rest_.front();
        rest_ = rest_.subspan(1);
        return setValue(*flag, name, next);
    }

    bool setBoolean(const Flag& flag, std::string_view name, std::string_view text) {
        const std::optional<bool> value = parseBoolean(text);
        if (!value) {
            return fail("invalid boolean value " + kernel::quote(text) + " for -" +
                        std::string(name) + ": parse error");
        }
        return apply(flag, name, text, {*value, 0, {}});
    }

    bool setValue(const Flag& flag, std::string_view name, std::string_view text) {
        FlagValue value{false, 0, text};
        if (flag.kind == FlagKind::integer) {
            const Parsed parsed = parseInteger(text, value.integer);
            if (parsed != Parsed::ok) {
                const bool syntax = parsed == Parsed::syntax;
                return invalid(name, text, syntax ? "parse error" : "value out of range");
            }
        }
        return apply(flag, name, text, value);
    }

    bool apply(const Flag& flag, std::string_view name, std::string_view text, FlagValue value) {
        const std::string_view whyNot = flag.apply(target_, value);
        return whyNot.empty() || invalid(name, text, whyNot);
    }

    bool invalid(std::string_view name, std::string_view text, std::string_view why) {
        return fail("invalid value " + kernel::quote(text) + " for flag -" + std::string(name) +
                    ": " + std::string(why));
    }

    std::span<const std::string> rest_;
    FlagTarget& target_;
    std::string error_;
};

std::string lowerCase(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

CommandLine leave(int status, std::string output, std::string errors = {}) {
    return {CommandLine::Action::leave, status, std::move(output), std::move(errors), {}};
}

std::string version() {
    return "gnatsd version " + std::string(kernel::kVersion) + "\n";
}

void appendEntry(const Flag& flag, std::string& text) {
    const std::size_t start = text.size();
    const bool hasShort = flag.names[0].size() <= 2;
    text.append(hasShort ? 4 : 8, ' ');
    for (const std::string_view name : flag.names) {
        if (name.empty()) {
            continue;
        }
        if (text.back() != ' ') {
            text += ", ";
        }
        text += name.size() <= 2 ? "-" : "--";
        text += name;
    }
    if (!flag.argument.empty()) {
        text += ' ';
        text += flag.argument;
    }
    const std::size_t width = text.size() - start;
    text.append(width < kHelpColumn ? kHelpColumn - width : 1, ' ');
    text += flag.help;
    text += '\n';
}

}  // namespace

CommandLine CommandLine::parse(std::span<const std::string> arguments) {
    FlagTarget target;
    FlagParser parser(arguments, target);
    if (!parser.parse()) {
        return leave(kBadFlag, help(), parser.error() + "\n");
    }
    // CLI-43, CLI-7: these win over everything else, then the first positional argument counts.
    const auto positional = parser.positional();
    const std::string command = positional.empty() ? "" : lowerCase(positional.front());
    if (target.showVersion || (!target.showHelp && command == "version")) {
        return leave(0, version());
    }
    if (target.showHelp || command == "help") {
        return leave(0, help());
    }
    if (!positional.empty()) {
        return leave(kBadCommand, {},
                     "gnatsd: unrecognized command: " + kernel::quote(positional.front()) + "\n");
    }
    const Action action = target.listPlugins ? Action::listPlugins : Action::run;
    return {action, 0, {}, {}, std::move(target.options)};
}

std::string CommandLine::help() {
    std::string text = "\nUsage: gnatsd [options]\n";
    const Flag* before = nullptr;
    for (const Flag& flag : flagTable()) {
        if (before == nullptr || before->group != flag.group) {
            text += "\n" + std::string(groupTitle(flag.group)) + ":\n";
        }
        appendEntry(flag, text);
        before = &flag;
    }
    return text + "\n";
}

}  // namespace gnatsd::host
