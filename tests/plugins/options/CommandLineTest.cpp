#include "plugins/host/CommandLine.h"
#include "plugins/host/options/LoadOptions.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/TlsNames.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace gnatsd::host;

namespace {

CommandLine parse(const std::vector<std::string>& arguments) {
    return CommandLine::parse(arguments);
}

Options optionsOf(const std::vector<std::string>& arguments) {
    CommandLine line = parse(arguments);
    CPPUNIT_ASSERT_EQUAL(std::string(), line.errors);
    CPPUNIT_ASSERT(line.action == CommandLine::Action::run);
    LoadedOptions loaded = loadOptions("", line.flags);
    CPPUNIT_ASSERT_EQUAL(std::string(), loaded.report());
    return std::move(loaded.options);
}

void assertRefused(const std::vector<std::string>& arguments, const std::string& error) {
    const CommandLine line = parse(arguments);
    CPPUNIT_ASSERT_EQUAL(error, line.errors.substr(0, line.errors.find('\n', error.size())));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(error, options::helpText(), line.output);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(error, 2, line.status);
    CPPUNIT_ASSERT_MESSAGE(error, line.action == CommandLine::Action::leave);
}

}  // namespace

class CommandLineTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CommandLineTest);
    CPPUNIT_TEST(withoutArgumentsTheDefaultsHold);
    CPPUNIT_TEST(oneAndTwoDashesAreTheSameForEverySpelling);
    CPPUNIT_TEST(shortFlagsAreNotBundled);
    CPPUNIT_TEST(theNextArgumentIsTheValueWhateverItLooksLike);
    CPPUNIT_TEST(theLastOfSeveralCounts);
    CPPUNIT_TEST(booleansTakeTheirValueOnlyWithAnEqualsSign);
    CPPUNIT_TEST(errorsAreNamedAndFollowedByTheUsage);
    CPPUNIT_TEST(aSimilarFlagIsSuggested);
    CPPUNIT_TEST(actionsAreTold);
    CPPUNIT_TEST(theTlsHelpNamesSuitesAndCurves);
    CPPUNIT_TEST(wrongSecretsAreNotShown);
    CPPUNIT_TEST(parsingStopsAtTheFirstPositionalArgument);
    CPPUNIT_TEST(positionalVersionAndHelpIgnoreCase);
    CPPUNIT_TEST(versionWinsOverHelpAndBothOverTheRest);
    CPPUNIT_TEST(pluginFlagsAddUp);
    CPPUNIT_TEST(helpShowsEveryFlagInItsColumn);
    CPPUNIT_TEST_SUITE_END();

    void withoutArgumentsTheDefaultsHold() {
        const Options options = optionsOf({});

        CPPUNIT_ASSERT_EQUAL(4222, options.port);
        CPPUNIT_ASSERT(options.listen.empty());
        CPPUNIT_ASSERT(options.log.time);
        CPPUNIT_ASSERT(!options.debug && !options.trace);
    }

    void oneAndTwoDashesAreTheSameForEverySpelling() {
        for (const std::string dashes : {"-", "--"}) {
            for (const std::string name : {"a", "addr", "net"}) {
                CPPUNIT_ASSERT_EQUAL(std::string("::1"),
                                     optionsOf({dashes + name, "::1"}).listen.at(0).host);
            }
            for (const std::string name : {"p", "port"}) {
                CPPUNIT_ASSERT_EQUAL(5222, optionsOf({dashes + name + "=5222"}).port);
            }
            for (const std::string name : {"n", "name", "server_name"}) {
                CPPUNIT_ASSERT_EQUAL(std::string("x"), optionsOf({dashes + name, "x"}).serverName);
            }
            CPPUNIT_ASSERT_EQUAL(std::string("f"), optionsOf({dashes + "P", "f"}).pidFile);
            CPPUNIT_ASSERT_EQUAL(std::string("f"), optionsOf({dashes + "pid", "f"}).pidFile);
            CPPUNIT_ASSERT_EQUAL(std::string("d"),
                                 optionsOf({dashes + "ports_file_dir=d"}).portsFileDir);
            CPPUNIT_ASSERT(optionsOf({dashes + "D"}).debug && optionsOf({dashes + "debug"}).debug);
            CPPUNIT_ASSERT(optionsOf({dashes + "V"}).trace && optionsOf({dashes + "trace"}).trace);
        }
    }

    void shortFlagsAreNotBundled() {
        const Options both = optionsOf({"-DV"});
        CPPUNIT_ASSERT(both.debug && both.trace);
        CPPUNIT_ASSERT(!optionsOf({"-D"}).trace);

        assertRefused({"-VD"}, "flag provided but not defined: -VD");
        assertRefused({"-p4222"}, "flag provided but not defined: -p4222");
        assertRefused({"--por", "1"}, "flag provided but not defined: -por");
        assertRefused({"--PORT", "1"}, "flag provided but not defined: -PORT");
    }

    void theNextArgumentIsTheValueWhateverItLooksLike() {
        CPPUNIT_ASSERT_EQUAL(-1, optionsOf({"-p", "-1"}).port);
        CPPUNIT_ASSERT_EQUAL(std::string("-D"), optionsOf({"-P", "-D"}).pidFile);
        CPPUNIT_ASSERT(!optionsOf({"-P", "-D"}).debug);
        CPPUNIT_ASSERT_EQUAL(std::string("a=b"), optionsOf({"-n=a=b"}).serverName);
        CPPUNIT_ASSERT_EQUAL(std::string(), optionsOf({"-n="}).serverName);
    }

    void theLastOfSeveralCounts() {
        CPPUNIT_ASSERT_EQUAL(2, optionsOf({"-p", "1", "--port", "2"}).port);
        CPPUNIT_ASSERT(!optionsOf({"-D", "-D=false"}).debug);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, optionsOf({"-a", "a,b", "--net", "c"}).listen.size());
    }

    void booleansTakeTheirValueOnlyWithAnEqualsSign() {
        CPPUNIT_ASSERT(!optionsOf({"-T=false"}).log.time);
        CPPUNIT_ASSERT(optionsOf({"-T=1"}).log.time);

        const CommandLine line = parse({"-D", "false", "-V"});
        CPPUNIT_ASSERT_EQUAL(std::string("gnatsd: unrecognized command: \"false\"\n"), line.errors);
        CPPUNIT_ASSERT_EQUAL(1, line.status);
    }

    void errorsAreNamedAndFollowedByTheUsage() {
        assertRefused({"--xyz=1"}, "flag provided but not defined: -xyz");
        assertRefused({"-p"}, "flag needs an argument: -p");
        assertRefused({"-p", "abc"}, "invalid value \"abc\" for flag -p: parse error");
        assertRefused({"--port="}, "invalid value \"\" for flag -port: parse error");
        assertRefused({"-p", "9223372036854775808"},
                      "invalid value \"9223372036854775808\" for flag -p: value out of range");
        assertRefused({"-D=maybe"}, "invalid boolean value \"maybe\" for -D: parse error");
        assertRefused({"---p"}, "bad flag syntax: ---p");
        assertRefused({"-=x"}, "bad flag syntax: -=x");
        assertRefused({"-p", "1", "-x", "-h"}, "flag provided but not defined: -x");
        assertRefused({"-a", "a:b"},
                      "invalid value \"a:b\" for flag -a: expected HOST or HOST:PORT, separated by "
                      "commas");
        assertRefused({"-n\n", "x"}, "flag provided but not defined: -n\n");
    }

    void aSimilarFlagIsSuggested() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("flag provided but not defined: -clsuter\ndid you mean -cluster?\n"),
            parse({"--clsuter", "x"}).errors);
        CPPUNIT_ASSERT_EQUAL(std::string("flag provided but not defined: -zzzzzz\n"),
                             parse({"--zzzzzz"}).errors);
    }

    void actionsAreTold() {
        const CommandLine signal = parse({"-sl", "reload=5", "foo"});
        CPPUNIT_ASSERT(signal.action == CommandLine::Action::signal);
        CPPUNIT_ASSERT_EQUAL(std::string("reload=5"), signal.signal);
        CPPUNIT_ASSERT_EQUAL(std::string("quit"), parse({"--signal=quit"}).signal);

        const CommandLine check = parse({"-t", "--config", "a", "-c", "b"});
        CPPUNIT_ASSERT(check.action == CommandLine::Action::check);
        CPPUNIT_ASSERT_EQUAL(std::string("b"), check.configFile);
        CPPUNIT_ASSERT_EQUAL(1, parse({"-t"}).status);

        CPPUNIT_ASSERT(parse({"--daemon"}).daemon);
        CPPUNIT_ASSERT(!parse({}).daemon);
        const CommandLine tls = parse({"--help_tls", "foo"});
        CPPUNIT_ASSERT_EQUAL(options::tlsHelpText(), tls.output);
        CPPUNIT_ASSERT_EQUAL(0, tls.status);
    }

    // CLI-42
    void theTlsHelpNamesSuitesAndCurves() {
        const std::string text = options::tlsHelpText();
        const std::size_t suites = text.find("\nAvailable cipher suites include:\n    TLS_AES_128");
        const std::size_t curves = text.find("\nAvailable curve preferences include:\n    Curve");
        CPPUNIT_ASSERT(suites != std::string::npos && curves != std::string::npos);
        for (const std::string_view name : options::cipherSuites()) {
            const std::size_t at = text.find("\n    " + std::string(name) + "\n", suites);
            CPPUNIT_ASSERT_MESSAGE(std::string(name), at < curves);
        }
        CPPUNIT_ASSERT(
            std::is_sorted(options::cipherSuites().begin(), options::cipherSuites().end()));
        for (const std::string key : {"cert_file", "key_file", "ca_file", "verify"}) {
            CPPUNIT_ASSERT_MESSAGE(key, text.find("\n      " + key + ":") != std::string::npos);
        }
    }

    // No value of a flag that holds a secret is repeated.
    void wrongSecretsAreNotShown() {
        const std::string errors = parse({"--plugin_set", "S3cr3t"}).errors;
        CPPUNIT_ASSERT_EQUAL(std::string("invalid value [REDACTED] for flag -plugin_set: expected "
                                         "NAME.KEY=VALUE\n"),
                             errors);
    }

    void parsingStopsAtTheFirstPositionalArgument() {
        const CommandLine line = parse({"-p", "1", "foo", "-xyz"});
        CPPUNIT_ASSERT_EQUAL(std::string("gnatsd: unrecognized command: \"foo\"\n"), line.errors);
        CPPUNIT_ASSERT_EQUAL(1, line.status);
        CPPUNIT_ASSERT_EQUAL(std::string(), line.output);

        CPPUNIT_ASSERT_EQUAL(1, parse({"-", "-D"}).status);
        CPPUNIT_ASSERT_EQUAL(1, parse({"--", "-D"}).status);
        CPPUNIT_ASSERT_EQUAL(7, optionsOf({"-p", "7", "--"}).port);
    }

    void positionalVersionAndHelpIgnoreCase() {
        for (const std::string text : {"version", "VERSION", "Version"}) {
            const CommandLine line = parse({"-D", text, "foo"});
            CPPUNIT_ASSERT_EQUAL(0, line.status);
            CPPUNIT_ASSERT_EQUAL(std::string("gnatsd version " GNATSD_VERSION "\n"), line.output);
        }
        CPPUNIT_ASSERT_EQUAL(options::helpText(), parse({"HELP"}).output);
        CPPUNIT_ASSERT_EQUAL(0, parse({"help"}).status);
    }

    void versionWinsOverHelpAndBothOverTheRest() {
        for (const std::string flag : {"-v", "--v", "-version", "--version"}) {
            const CommandLine line = parse({"-h", flag, "foo"});
            CPPUNIT_ASSERT_EQUAL(std::string("gnatsd version " GNATSD_VERSION "\n"), line.output);
            CPPUNIT_ASSERT_EQUAL(0, line.status);
        }
        const CommandLine line = parse({"-p", "1", "--help", "foo"});
        CPPUNIT_ASSERT_EQUAL(options::helpText(), line.output);
        CPPUNIT_ASSERT_EQUAL(0, line.status);
        CPPUNIT_ASSERT_EQUAL(std::string(), line.errors);
        CPPUNIT_ASSERT(optionsOf({"-h=false"}).port == 4222);
    }

    void pluginFlagsAddUp() {
        const Options options =
            optionsOf({"--plugin", "a,b", "--plugin=c", "--plugin_dir", "/d", "--plugin_set",
                       "allowlist.user.name=x=y", "--plugin_set", "a.k="});

        CPPUNIT_ASSERT(options.plugins == (std::vector<std::string>{"a", "b", "c"}));
        CPPUNIT_ASSERT_EQUAL(std::string("/d"), options.pluginDir);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, options.pluginSettings.size());
        CPPUNIT_ASSERT_EQUAL(std::string("allowlist"), options.pluginSettings[0].plugin);
        CPPUNIT_ASSERT_EQUAL(std::string("user.name"), options.pluginSettings[0].key);
        CPPUNIT_ASSERT_EQUAL(std::string("x=y"), options.pluginSettings[0].value);
        CPPUNIT_ASSERT_EQUAL(std::string(), options.pluginSettings[1].value);

        CPPUNIT_ASSERT(parse({"--plugins"}).action == CommandLine::Action::listPlugins);
        for (const std::string text : {"", "x", "x.y", "x=1", ".y=1", "x.=1", "a=b.c"}) {
            assertRefused({"--plugin_set", text},
                          "invalid value [REDACTED] for flag -plugin_set: expected NAME.KEY=VALUE");
        }
        assertRefused({"--plugin", "a,"},
                      "invalid value \"a,\" for flag -plugin: expected plug-in "
                      "names, separated by commas");
    }

    void helpShowsEveryFlagInItsColumn() {
        const std::string help = options::helpText();

        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, help.find("\nUsage: gnatsd [options]\n\nServer Opti"));
        CPPUNIT_ASSERT_EQUAL(std::string("\n\n"), help.substr(help.size() - 2));
        const std::vector<std::string> lines{
            // CLI-41: the lines of old, in their order
            "Server Options:",
            "    -a, --addr <host>                Bind to HOST address (default: 0.0.0.0)",
            "    -p, --port <port>                Use PORT for clients (default: 4222)",
            "    -P, --pid <file>                 File to store PID",
            "    -m, --http_port <port>           Use HTTP PORT for monitoring",
            "    -ms,--https_port <port>          Use HTTPS PORT for monitoring",
            "    -c, --config <file>              Configuration File",
            "        --ports_file_dir <dir>       Write open ports to",
            "Logging Options:",
            "    -l, --log <file>                 File to redirect log output",
            "    -T, --logtime                    Timestamp log entries (default: true)",
            "    -s, --syslog                     Enable syslog as log method.",
            "    -r, --remote_syslog <addr>       Syslog server addr (udp://localhost:514).",
            "    -D, --debug                      Enable debugging output",
            "    -V, --trace                      Trace the raw protocol",
            "    -DV                              Debug and Trace",
            "Authorization Options:",
            "        --user <user>                User required for connections",
            "        --pass <password>            Password required for connections",
            "        --auth <token>               Authorization token required for connections",
            "TLS Options:",
            "        --tls                        Enable TLS, do not verify clients (default: "
            "false)",
            "        --tlscert <file>             Server certificate file",
            "        --tlskey <file>              Private key for server certificate",
            "        --tlsverify                  Enable TLS, verify client certificates",
            "        --tlscacert <file>           Client certificate CA for verification",
            "Cluster Options:",
            "        --routes <rurl-1, rurl-2>    Routes to solicit and connect",
            "        --cluster <cluster-url>      Cluster URL for solicited routes",
            "        --no_advertise <bool>        ",
            "Common Options:",
            "    -h, --help                       Show this message",
            "    -v, --version                    Show version",
            "        --help_tls                   TLS help"};
        std::size_t at = 0;
        for (const std::string& line : lines) {
            const std::size_t found = help.find("\n" + line, at);
            CPPUNIT_ASSERT_MESSAGE(line, found != std::string::npos);
            at = found + 1;
        }
        std::istringstream all(help);
        for (std::string line; std::getline(all, line);) {
            if (line.starts_with("    ")) {
                CPPUNIT_ASSERT_MESSAGE(line,
                                       line.size() > 37 && line[36] == ' ' && line[37] != ' ');
            }
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CommandLineTest);
