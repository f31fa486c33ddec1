#include "plugins/plugintest/Flags.h"

#include "plugins/host/options/Duration.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string_view>

namespace gnatsd::plugintest {

namespace {

constexpr std::size_t kMostThreads = 256;

void setSetting(Flags& flags, const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw Poco::SyntaxException("found --set without KEY=VALUE, wanted --set KEY=VALUE");
    }
    flags.settings.emplace_back(text.substr(0, equals), text.substr(equals + 1));
}

void setTimeout(Flags& flags, const std::string& text) {
    std::chrono::nanoseconds value{0};
    const bool isTime = host::options::parseDuration(text, value).empty();
    flags.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(value);
    if (!isTime || flags.timeout.count() <= 0) {
        throw Poco::SyntaxException("found --timeout " + text + ", wanted a time such as 500ms");
    }
}

void setThreads(Flags& flags, const std::string& text) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, flags.threads);
    if (error != std::errc() || stop != end || flags.threads == 0 || flags.threads > kMostThreads) {
        throw Poco::SyntaxException("found --threads " + text + ", wanted a number from 1 to " +
                                    std::to_string(kMostThreads));
    }
}

struct Flag {
    std::string_view name;
    void (*set)(Flags& flags, const std::string& value);
};

constexpr Flag kFlags[] = {
    {"--set", setSetting},
    {"--config", [](Flags& flags, const std::string& value) { flags.config = value; }},
    {"--plugin_dir", [](Flags& flags, const std::string& value) { flags.pluginDir = value; }},
    {"--with", [](Flags& flags, const std::string& value) { flags.with.push_back(value); }},
    {"--timeout", setTimeout},
    {"--threads", setThreads},
};

/// True for a flag that stands alone.
bool takeSwitch(Flags& flags, std::string_view argument) {
    if (argument == "--help" || argument == "-h") {
        flags.action = Flags::Action::help;
    } else if (argument == "--version" || argument == "-v") {
        flags.action = Flags::Action::version;
    } else if (argument == "--debug" || argument == "-D") {
        flags.debug = true;
    } else {
        return false;
    }
    return true;
}

}  // namespace

Flags Flags::parse(std::span<char* const> arguments) {
    Flags flags;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string argument = arguments[i];
        if (argument.size() < 2 || argument.front() != '-') {
            names.push_back(argument);
            continue;
        }
        if (takeSwitch(flags, argument)) {
            continue;
        }
        const std::size_t equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        const auto flag = std::find_if(std::begin(kFlags), std::end(kFlags),
                                       [&](const Flag& one) { return one.name == name; });
        if (flag == std::end(kFlags)) {
            throw Poco::SyntaxException("found the flag " + name +
                                        ", wanted one that --help lists");
        }
        if (equals == std::string::npos && i + 1 == arguments.size()) {
            throw Poco::SyntaxException("found " + name + " at the end, wanted its value too");
        }
        flag->set(flags,
                  equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1));
    }
    if (flags.action == Action::test) {
        if (names.size() != 2) {
            throw Poco::SyntaxException("found " + std::to_string(names.size()) +
                                        " arguments beside the flags, wanted MODULE and SCRIPT");
        }
        flags.module = names[0];
        flags.script = names[1];
    }
    return flags;
}

const char* const kHelp =
    R"(usage: gnatsd-plugin-test [flags] MODULE SCRIPT

Loads one plug-in as gnatsd does, lets clients connect as SCRIPT says, and checks what the plug-in
decides about them. MODULE is a file (build/libmyauth.so) or the name of an installed plug-in.
SCRIPT is a text file, or - for standard input.

  --set KEY=VALUE      a setting of the plug-in; goes before the file; may be repeated
  --config FILE        a configuration file of gnatsd; the settings are its plugins { NAME { ... } }
  --with PLUGIN        another plug-in that this one needs, such as bcrypt; may be repeated
  --plugin_dir FOLDER  where plug-ins are that are given by name
  --timeout TIME       how long a client waits for a decision (2s)
  --threads N          how many clients are checked at the same time (8)
  -D, --debug          show debug lines of the log too
  -h, --help           this text
  -v, --version        version and ABI signature

A line of SCRIPT is a step; # begins a comment:

  connect KEY=VALUE ... -> accept [user=NAME] [account=NAME] [publish_rate=N] [lasts=TIME]
                                  [within TIME]
  connect KEY=VALUE ... -> reject|abstain|unavailable|fails [reason=TEXT] [within TIME]
  repeat N connect ...               N times, from several threads at once
  repeat N reloading connect ...     the same while the plug-in is reloaded again and again
  publish SUBJECT -> allowed|denied
  subscribe SUBJECT [queue NAME] -> allowed|denied
  deliver SUBJECT [queue NAME] [reply SUBJECT] -> allowed|denied
                                     a message comes; with a reply it may grant one publish there
  keep                               the client stays connected when the next one comes
  recheck -> accept|reject|...       the client is judged again, as after a reload
  reload [from FILE] [KEY=VALUE ...] -> ok|fails [reason=TEXT]
  start [KEY=VALUE ...] -> ok|fails [reason=TEXT]

connect takes user, pass, auth_token, nkey, sig, jwt, name, lang, version as in CONNECT, from
(127.0.0.1:50000), nonce, and of a client certificate tls_subject, tls_common_name, tls_name (may be
repeated). fails: the plug-in threw or answered nonsense. reason is a part of what the log says.
lasts: the session ends after about that time. A value is quoted with "...", ${NAME} is a variable
of the environment.

The output is TAP; the log's lines are comments in it. Secrets are not shown.
Status: 0 all is as wanted, 1 something is not, 2 flags, settings or script are wrong.
)";

}  // namespace gnatsd::plugintest
