#include "plugins/host/CommandLine.h"
#include "plugins/host/FlagTable.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
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
    return line.options;
}

void assertRefused(const std::vector<std::string>& arguments, const std::string& error) {
    const CommandLine line = parse(arguments);
    CPPUNIT_ASSERT_EQUAL(error + "\n", line.errors);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(error, CommandLine::help(), line.output);
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
    CPPUNIT_TEST(flagsOfLaterVersionsAreUnknown);
    CPPUNIT_TEST(parsingStopsAtTheFirstPositionalArgument);
    CPPUNIT_TEST(positionalVersionAndHelpIgnoreCase);
    CPPUNIT_TEST(versionWinsOverHelpAndBothOverTheRest);
    CPPUNIT_TEST(pluginFlagsAddUp);
    CPPUNIT_TEST(helpShowsEveryFlagInItsColumn);
    CPPUNIT_TEST(noNameIsInTheTableTwice);
    CPPUNIT_TEST_SUITE_END();

    void withoutArgumentsTheDefaultsHold() {
        const Options options = optionsOf({});

        CPPUNIT_ASSERT_EQUAL(4222, options.port);
        CPPUNIT_ASSERT(options.listen.empty());
        CPPUNIT_ASSERT(options.logtime);
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
        CPPUNIT_ASSERT(!optionsOf({"-T=false"}).logtime);
        CPPUNIT_ASSERT(optionsOf({"-T=1"}).logtime);

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

    void flagsOfLaterVersionsAreUnknown() {
        for (const std::string name :
             {"c",       "config",   "m",      "ms",   "l",    "s",      "r",
              "t",       "sl",       "user",   "pass", "auth", "tls",    "routes",
              "cluster", "help_tls", "daemon", "VV",   "js",   "profile"}) {
            assertRefused({"--" + name, "x"}, "flag provided but not defined: -" + name);
        }
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
        CPPUNIT_ASSERT_EQUAL(CommandLine::help(), parse({"HELP"}).output);
        CPPUNIT_ASSERT_EQUAL(0, parse({"help"}).status);
    }

    void versionWinsOverHelpAndBothOverTheRest() {
        for (const std::string flag : {"-v", "--v", "-version", "--version"}) {
            const CommandLine line = parse({"-h", flag, "foo"});
            CPPUNIT_ASSERT_EQUAL(std::string("gnatsd version " GNATSD_VERSION "\n"), line.output);
            CPPUNIT_ASSERT_EQUAL(0, line.status);
        }
        const CommandLine line = parse({"-p", "1", "--help", "foo"});
        CPPUNIT_ASSERT_EQUAL(CommandLine::help(), line.output);
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
            assertRefused({"--plugin_set", text}, "invalid value \"" + text +
                                                      "\" for flag -plugin_set: expected "
                                                      "NAME.KEY=VALUE");
        }
        assertRefused({"--plugin", "a,"},
                      "invalid value \"a,\" for flag -plugin: expected plug-in "
                      "names, separated by commas");
    }

    void helpShowsEveryFlagInItsColumn() {
        const std::string help = CommandLine::help();

        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, help.find("\nUsage: gnatsd [options]\n\nServer Opti"));
        CPPUNIT_ASSERT_EQUAL(std::string("\n\n"), help.substr(help.size() - 2));
        CPPUNIT_ASSERT(help.find("\n    -p, --port <port>                Use port") !=
                       std::string::npos);
        CPPUNIT_ASSERT(help.find("\n        --ports_file_dir <dir>       Write") !=
                       std::string::npos);
        for (const Flag& flag : flagTable()) {
            const std::size_t at = help.find(std::string(flag.help) + "\n");
            const std::string what(flag.names[0]);
            CPPUNIT_ASSERT_MESSAGE(what, at != std::string::npos);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::size_t{38}, at - help.rfind('\n', at));
        }
    }

    void noNameIsInTheTableTwice() {
        std::set<std::string_view> seen;
        for (const Flag& flag : flagTable()) {
            for (const std::string_view name : flag.names) {
                CPPUNIT_ASSERT_MESSAGE(std::string(name), name.empty() || seen.insert(name).second);
            }
        }
        CPPUNIT_ASSERT(seen.size() > 20);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CommandLineTest);
