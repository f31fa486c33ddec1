#include "plugins/host/CommandLine.h"

#include "kernel/ServerInfo.h"
#include "kernel/Text.h"
#include "plugins/host/options/FlagValue.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Problems.h"
#include "plugins/host/options/TlsNames.h"
#include "plugins/host/options/Tree.h"

#include <string_view>
#include <utility>

namespace gnatsd::host {

namespace {

using options::Ask;
using options::FlagRow;
using options::Key;
using options::Kind;

constexpr int kBadFlag = 2;     // CLI-61
constexpr int kBadCommand = 1;  // CLI-62

/// An old manual writes `-routes://HOST:PORT` for `-routes nats://HOST:PORT`.
constexpr std::string_view kGluedRoutes = "routes://";

struct Asked {
    bool help = false;
    bool version = false;
    bool helpTls = false;
    bool check = false;
    bool listPlugins = false;
    bool signal = false;
};

/// Takes flags off the front of the arguments until one of the ends of CLI-5.
class FlagParser {
public:
    FlagParser(std::span<const std::string> arguments, CommandLine& line)
        : rest_(arguments), line_(line) {}

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
    const Asked& asked() const { return asked_; }

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
        if (name.starts_with(kGluedRoutes)) {
            return setValue(options::findFlag("routes"), "routes",
                            "nats" + std::string(name.substr(name.find(':'))));
        }
        const std::size_t equals = name.find('=');
        const bool hasValue = equals != std::string_view::npos;
        const std::string_view value = hasValue ? name.substr(equals + 1) : std::string_view();
        name = name.substr(0, equals);
        const FlagRow row = options::findFlag(name);
        if (row.key == nullptr) {
            return unknown(name);
        }
        if (row.key->kind == Kind::boolean || row.key->flag.isSwitch) {
            return setBoolean(row, name, hasValue ? value : "true");
        }
        if (hasValue) {
            return setValue(row, name, std::string(value));
        }
        if (rest_.empty()) {
            return fail("flag needs an argument: -" + std::string(name));
        }
        const std::string& next = rest_.front();
        rest_ = rest_.subspan(1);
        return setValue(row, name, next);
    }

    bool unknown(std::string_view name) {
        std::string text = "flag provided but not defined: -" + std::string(name);
        if (const std::string_view near = options::similarFlag(name); !near.empty()) {
            text += "\ndid you mean -" + std::string(near) + "?";
        }
        return fail(std::move(text));
    }

    bool setBoolean(const FlagRow& row, std::string_view name, std::string_view text) {
        const std::optional<bool> value = parseBoolean(text);
        if (!value) {
            return fail("invalid boolean value " + kernel::quote(text) + " for -" +
                        std::string(name) + ": parse error");
        }
        return take(row, name, *value);
    }

    bool setValue(const FlagRow& row, std::string_view name, const std::string& text) {
        const Key& key = *row.key;
        if (key.flag.check != nullptr) {
            if (const std::string_view why = key.flag.check(text); !why.empty()) {
                return invalid(key, name, text, why);
            }
        }
        const bool isInteger =
            key.kind == Kind::integer || key.flag.group == options::FlagGroup::profiling;
        if (!isInteger) {
            return take(row, name, text);
        }
        std::int64_t number = 0;
        const Parsed parsed = parseInteger(text, number);
        if (parsed == Parsed::syntax) {
            return invalid(key, name, text, "parse error");
        }
        const bool inRange = number == 0 || (number >= key.range.least && number <= key.range.most);
        if (parsed != Parsed::ok || !inRange) {
            return invalid(key, name, text, "value out of range");
        }
        return take(row, name, number);
    }

    bool take(const FlagRow& row, std::string_view name, conf::Value::Data value) {
        switch (row.key->flag.ask) {
            case Ask::nothing:
                line_.flags.push_back({row.key, row.block, std::string(name),
                                       conf::Value(std::move(value), options::flagPlace(name))});
                break;
            case Ask::help:
                asked_.help = std::get<bool>(value);
                break;
            case Ask::version:
                asked_.version = std::get<bool>(value);
                break;
            case Ask::helpTls:
                asked_.helpTls = std::get<bool>(value);
                break;
            case Ask::check:
                asked_.check = std::get<bool>(value);
                break;
            case Ask::listPlugins:
                asked_.listPlugins = std::get<bool>(value);
                break;
            case Ask::daemon:
                line_.daemon = std::get<bool>(value);
                break;
            case Ask::config:
                line_.configFile = std::get<std::string>(value);
                break;
            case Ask::signal:
                asked_.signal = true;
                line_.signal = std::get<std::string>(value);
                break;
        }
        return true;
    }

    bool invalid(const Key& key, std::string_view name, std::string_view text,
                 std::string_view why) {
        const std::string shown = key.secret ? "[REDACTED]" : kernel::quote(text);
        return fail("invalid value " + shown + " for flag -" + std::string(name) + ": " +
                    std::string(why));
    }

    std::span<const std::string> rest_;
    CommandLine& line_;
    Asked asked_;
    std::string error_;
};

CommandLine leave(int status, std::string output, std::string errors = {}) {
    CommandLine line;
    line.action = CommandLine::Action::leave;
    line.status = status;
    line.output = std::move(output);
    line.errors = std::move(errors);
    return line;
}

std::string version() {
    return "gnatsd version " + std::string(kernel::kVersion) + "\n";
}

}  // namespace

CommandLine CommandLine::parse(std::span<const std::string> arguments) {
    CommandLine line;
    FlagParser parser(arguments, line);
    if (!parser.parse()) {
        return leave(kBadFlag, options::helpText(), parser.error() + "\n");
    }
    // CLI-43, CLI-7: these win over everything else, then the first positional argument counts.
    const Asked& asked = parser.asked();
    const auto positional = parser.positional();
    const std::string command = positional.empty() ? "" : options::lowerCase(positional.front());
    if (asked.version || (!asked.help && !asked.helpTls && command == "version")) {
        return leave(0, version());
    }
    if (asked.help || (!asked.helpTls && command == "help")) {
        return leave(0, options::helpText());
    }
    if (asked.helpTls) {
        return leave(0, options::tlsHelpText());
    }
    if (asked.signal) {
        line.action = Action::signal;  // CLI-87: the rest is not looked at
        return line;
    }
    if (!positional.empty()) {
        return leave(kBadCommand, {},
                     "gnatsd: unrecognized command: " + kernel::quote(positional.front()) + "\n");
    }
    if (asked.check && line.configFile.empty()) {
        return leave(kBadCommand, {},
                     "gnatsd: must specify [-c, --config] option to check configuration file "
                     "syntax\n");
    }
    if (asked.check) {
        line.action = Action::check;
    } else if (asked.listPlugins) {
        line.action = Action::listPlugins;
    }
    return line;
}

}  // namespace gnatsd::host
