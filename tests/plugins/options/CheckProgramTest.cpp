// The program itself with `-t`, and what it prints when a configuration is wrong (OPT-190, CLI-60
// to CLI-64).

#include "tests/plugins/Fixtures.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::tests {

class CheckProgramTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CheckProgramTest);
    CPPUNIT_TEST(aGoodFileIsValid);
    CPPUNIT_TEST(everyProblemOfABadFileIsPrinted);
    CPPUNIT_TEST(warningsFailTheCheckButNotTheStart);
    CPPUNIT_TEST(noticesFailNothing);
    CPPUNIT_TEST(aSyntaxErrorIsShownWithItsLine);
    CPPUNIT_TEST(aMissingFileEndsWithOne);
    CPPUNIT_TEST(theCheckNeedsAFile);
    CPPUNIT_TEST(flagsAreCheckedTogetherWithTheFile);
    CPPUNIT_TEST(modulesAreLoadedAndConfigured);
    CPPUNIT_TEST(aBadFileEndsTheStart);
    CPPUNIT_TEST(badFlagsEndWithTwo);
    CPPUNIT_TEST_SUITE_END();

    std::string file(const std::string& text) const {
        writeFile(path(), text);
        return path();
    }

    std::string path() const { return folder_.file("x.conf"); }

    Outcome check(const std::string& text, std::vector<std::string> flags = {}) const {
        flags.insert(flags.end(), {"-t", "-c", file(text)});
        return run(GNATSD_PROGRAM, flags);
    }

    static void assertOutcome(int status, const std::string& output, const Outcome& outcome) {
        CPPUNIT_ASSERT_EQUAL(output, outcome.output);
        CPPUNIT_ASSERT_EQUAL(status, outcome.status);
    }

    void aGoodFileIsValid() {
        assertOutcome(0, "gnatsd: configuration file " + path() + " is valid\n",
                      check("port: 4222\nmax_payload: 1MB\nping_interval: 10s"));
    }

    void everyProblemOfABadFileIsPrinted() {
        assertOutcome(1,
                      "gnatsd: " + path() +
                          ":1:0: unknown field \"prot\", did you mean \"port\"?\n" + path() +
                          ":2:1: expected a boolean for \"debug\", got an integer\n" + path() +
                          ":3:1: \"operator\" is not supported by this server\n",
                      check("prot: 1\ndebug: 1\noperator: x"));
    }

    // OPT-7
    void warningsFailTheCheckButNotTheStart() {
        const std::string warning =
            "gnatsd: " + path() +
            ":1:0: invalid use of field \"ping_interval\": ping_interval should be converted to a "
            "duration\n";
        assertOutcome(1, warning, check("ping_interval: 5"));
        const Outcome started = run(GNATSD_PROGRAM, {"-c", path(), "--plugins"});
        CPPUNIT_ASSERT_EQUAL(0, started.status);
        CPPUNIT_ASSERT_MESSAGE(started.output, started.output.find(warning) != std::string::npos);
    }

    // OPT-131
    void noticesFailNothing() {
        assertOutcome(0,
                      path() +
                          ":1:0: \"jetstream\" is not supported by this server\ngnatsd: "
                          "configuration file " +
                          path() + " is valid\n",
                      check("jetstream: enabled"));
    }

    void aSyntaxErrorIsShownWithItsLine() {
        const Outcome outcome = check("port: 4222\nhost: \"open");
        CPPUNIT_ASSERT_EQUAL(1, outcome.status);
        CPPUNIT_ASSERT_MESSAGE(outcome.output,
                               outcome.output.starts_with("gnatsd: " + path() + ":2:"));
        CPPUNIT_ASSERT_MESSAGE(outcome.output,
                               outcome.output.find("host: \"open") != std::string::npos);
    }

    // CLI-63
    void aMissingFileEndsWithOne() {
        const std::string missing = folder_.file("none.conf");
        for (const std::vector<std::string>& flags :
             {std::vector<std::string>{"-c", missing}, {"-t", "-c", missing}}) {
            const Outcome outcome = run(GNATSD_PROGRAM, flags);
            CPPUNIT_ASSERT_EQUAL(1, outcome.status);
            const std::string begin = "gnatsd: open " + missing + ": no such file or directory";
            CPPUNIT_ASSERT_MESSAGE(outcome.output, outcome.output.starts_with(begin));
        }
    }

    void theCheckNeedsAFile() {
        assertOutcome(1,
                      "gnatsd: must specify [-c, --config] option to check configuration file "
                      "syntax\n",
                      run(GNATSD_PROGRAM, {"-t"}));
    }

    void flagsAreCheckedTogetherWithTheFile() {
        assertOutcome(1, "gnatsd: flag -user: Can not have a single user/pass and a users array\n",
                      check("authorization { users: [] }", {"--user", "a"}));
        assertOutcome(0, "gnatsd: configuration file " + path() + " is valid\n",
                      check("lame_duck_duration: 60s", {"-p", "-1", "-D"}));
    }

    void modulesAreLoadedAndConfigured() {
        const std::string module = testModule("allowlist");
        assertOutcome(0, "gnatsd: configuration file " + path() + " is valid\n",
                      check("plugins { load: \"" + module + "\", allowlist { allow: me } }"));

        const Outcome incomplete = check("plugins { load: \"" + module + "\" }");
        CPPUNIT_ASSERT_EQUAL(1, incomplete.status);
        CPPUNIT_ASSERT_MESSAGE(incomplete.output,
                               incomplete.output.find("setting 'allow'") != std::string::npos);

        const Outcome missing = check("plugins { load: ghost, dir: \"/nowhere\" }");
        CPPUNIT_ASSERT_EQUAL(1, missing.status);
        CPPUNIT_ASSERT_MESSAGE(missing.output,
                               missing.output.starts_with("gnatsd: Plug-in ghost: "));
    }

    // CLI-64
    void aBadFileEndsTheStart() {
        assertOutcome(1, "gnatsd: " + path() + ":1:0: unknown field \"foo\"\n",
                      run(GNATSD_PROGRAM, {"-c", file("foo: 1")}));
        assertOutcome(1, "gnatsd: flag -cluster: address 127.0.0.1: missing port in address\n",
                      run(GNATSD_PROGRAM, {"--cluster", "nats://127.0.0.1"}));
    }

    // CLI-61
    void badFlagsEndWithTwo() {
        const Outcome outcome = run(GNATSD_PROGRAM, {"--xyz"});
        CPPUNIT_ASSERT_EQUAL(2, outcome.status);
        CPPUNIT_ASSERT(outcome.output.find("flag provided but not defined: -xyz\n") !=
                       std::string::npos);
        CPPUNIT_ASSERT(outcome.output.find("Usage: gnatsd [options]") != std::string::npos);
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(CheckProgramTest);

}  // namespace gnatsd::tests
