// mkpasswd, run as its users run it: alone, with a pipe, on a terminal.

#include "auth/bcrypt/Bcrypt.h"
#include "tests/auth/MkpasswdRun.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <regex>
#include <set>
#include <string>

namespace gnatsd::tests {

using namespace std::string_literals;

namespace {

const std::string kUsage = "Usage: mkpasswd [-p <stdin password>] [-c COST] \n";
const std::regex kInvented("pass: ([a-zA-Z0-9!@$#%^&*()]{22})\nbcrypt hash: (\\S{60})\n");
const std::regex kHashOnly("bcrypt hash: (\\S{60})\n");

std::string hashIn(const std::string& output) {
    std::smatch match;
    CPPUNIT_ASSERT_MESSAGE(output, std::regex_match(output, match, kHashOnly));
    return match[1];
}

}  // namespace

class MkpasswdTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MkpasswdTest);
    CPPUNIT_TEST(withoutFlagsItInventsAPassword);
    CPPUNIT_TEST(inventedPasswordsDifferAndUseTheWholeAlphabet);
    CPPUNIT_TEST(theCostCanBeChosen);
    CPPUNIT_TEST(aPipeGivesThePassword);
    CPPUNIT_TEST(anEmptyPipeIsAnError);
    CPPUNIT_TEST(passwordsThatCannotBeHashedAreErrors);
    CPPUNIT_TEST(aTerminalIsAskedTwiceWithoutEcho);
    CPPUNIT_TEST(differentEntriesAreAnError);
    CPPUNIT_TEST(aSignalTurnsTheEchoBackOn);
    CPPUNIT_TEST(wrongFlagsShowTheUsage);
    CPPUNIT_TEST_SUITE_END();

private:
    // AU-100, AU-102
    void withoutFlagsItInventsAPassword() {
        MkpasswdRun run({});
        CPPUNIT_ASSERT_EQUAL(0, run.finish());

        std::smatch match;
        CPPUNIT_ASSERT_MESSAGE(run.output(), std::regex_match(run.output(), match, kInvented));
        CPPUNIT_ASSERT_EQUAL("$2a$11$"s, match[2].str().substr(0, 7));
        CPPUNIT_ASSERT(auth::bcrypt::verify(match[2].str(), match[1].str()));
        CPPUNIT_ASSERT_EQUAL(""s, run.errors());
    }

    // AU-101
    void inventedPasswordsDifferAndUseTheWholeAlphabet() {
        std::set<std::string> passwords;
        std::set<char> letters;
        constexpr std::size_t kRuns = 40;  // a letter is missing in all with probability 1e-4
        for (std::size_t i = 0; i < kRuns; ++i) {
            MkpasswdRun run({"-c", "4"});
            CPPUNIT_ASSERT_EQUAL(0, run.finish());
            std::smatch match;
            CPPUNIT_ASSERT(std::regex_match(run.output(), match, kInvented));
            const std::string password = match[1];
            passwords.insert(password);
            letters.insert(password.begin(), password.end());
        }
        CPPUNIT_ASSERT_EQUAL(kRuns, passwords.size());
        CPPUNIT_ASSERT(letters.size() >= 70);
    }

    // AU-102
    void theCostCanBeChosen() {
        for (const auto& [flags, wanted] :
             std::vector<std::pair<std::vector<std::string>, std::string>>{
                 {{"-p", "-c", "4"}, "$2a$04$"},
                 {{"-p", "-c=5"}, "$2a$05$"},
                 {{"--p", "--c", "6"}, "$2a$06$"},
                 {{"-c", "3", "-p"}, "$2a$10$"},
                 {{"-c", "-7", "-p"}, "$2a$10$"}}) {
            MkpasswdRun run(flags, "foo\n");
            CPPUNIT_ASSERT_EQUAL(0, run.finish());
            CPPUNIT_ASSERT_EQUAL(wanted, hashIn(run.output()).substr(0, 7));
        }
        MkpasswdRun run({"-c", "40"});
        CPPUNIT_ASSERT_EQUAL(1, run.finish());
        CPPUNIT_ASSERT_EQUAL(
            "Error producing bcrypt hash: crypto/bcrypt: cost 40 is outside "
            "allowed range (4,31)\n"s,
            run.errors());
        CPPUNIT_ASSERT(std::regex_match(run.output(), std::regex("pass: \\S{22}\n")));
    }

    // AU-104
    void aPipeGivesThePassword() {
        for (const auto& [input, password] : std::vector<std::pair<std::string, std::string>>{
                 {"foo\n", "foo"},
                 {"foo", "foo"},
                 {"foo\r\n", "foo"},
                 {" with blanks \nsecond line\n", " with blanks "},
                 {"\n", ""}}) {
            MkpasswdRun run({"-p", "-c", "4"}, input);
            CPPUNIT_ASSERT_EQUAL(0, run.finish());
            CPPUNIT_ASSERT_MESSAGE(input, auth::bcrypt::verify(hashIn(run.output()), password));
            CPPUNIT_ASSERT_EQUAL(""s, run.errors());
        }
    }

    void anEmptyPipeIsAnError() {
        MkpasswdRun run({"-p", "-c", "4"}, "");

        CPPUNIT_ASSERT_EQUAL(1, run.finish());
        CPPUNIT_ASSERT_EQUAL(""s, run.output());
        CPPUNIT_ASSERT_EQUAL("Error, no password on standard input\n"s, run.errors());
    }

    void passwordsThatCannotBeHashedAreErrors() {
        MkpasswdRun longOne({"-p"}, std::string(73, 'x'));
        CPPUNIT_ASSERT_EQUAL(1, longOne.finish());
        CPPUNIT_ASSERT_EQUAL("Error producing bcrypt hash: the password is longer than 72 bytes\n"s,
                             longOne.errors());
        CPPUNIT_ASSERT(longOne.output().find('$') == std::string::npos);

        MkpasswdRun zero({"-p"}, "a\0b\n"s);
        CPPUNIT_ASSERT_EQUAL(1, zero.finish());
    }

    // AU-103
    void aTerminalIsAskedTwiceWithoutEcho() {
        MkpasswdRun run({"-p", "-c", "4"}, MkpasswdRun::Terminal());
        CPPUNIT_ASSERT(run.waitFor("Enter Password: "));
        run.type("tiger\n");
        CPPUNIT_ASSERT(run.waitFor("Reenter Password: "));
        run.type("tiger\n");
        CPPUNIT_ASSERT_EQUAL(0, run.finish());

        const std::string prompts = "Enter Password: \nReenter Password: \n";
        CPPUNIT_ASSERT_EQUAL(prompts, run.output().substr(0, prompts.size()));
        CPPUNIT_ASSERT(auth::bcrypt::verify(hashIn(run.output().substr(prompts.size())), "tiger"));
        CPPUNIT_ASSERT_EQUAL(""s, run.errors());
        CPPUNIT_ASSERT(run.echoed().find("tiger") == std::string::npos);
        CPPUNIT_ASSERT(run.echoIsOn());
    }

    void differentEntriesAreAnError() {
        MkpasswdRun run({"-p"}, MkpasswdRun::Terminal());
        CPPUNIT_ASSERT(run.waitFor("Enter Password: "));
        run.type("tiger\n");
        CPPUNIT_ASSERT(run.waitFor("Reenter Password: "));
        run.type("tigre\n");

        CPPUNIT_ASSERT_EQUAL(1, run.finish());
        CPPUNIT_ASSERT_EQUAL("Error, passwords do not match\n"s, run.errors());
        CPPUNIT_ASSERT(run.output().find("hash") == std::string::npos);
    }

    void aSignalTurnsTheEchoBackOn() {
        MkpasswdRun run({"-p"}, MkpasswdRun::Terminal());
        CPPUNIT_ASSERT(run.waitFor("Enter Password: "));
        CPPUNIT_ASSERT(!run.echoIsOn());

        run.signal(SIGINT);

        CPPUNIT_ASSERT_EQUAL(128 + SIGINT, run.finish());
        CPPUNIT_ASSERT(run.echoIsOn());
    }

    // AU-105
    void wrongFlagsShowTheUsage() {
        for (const std::vector<std::string>& flags :
             std::vector<std::vector<std::string>>{{"-x"},
                                                   {"--help"},
                                                   {"-c"},
                                                   {"-c", "many"},
                                                   {"-c="},
                                                   {"secret"},
                                                   {"-p=maybe"},
                                                   {"-pc"}}) {
            MkpasswdRun run(flags, "foo\n");
            CPPUNIT_ASSERT_EQUAL(1, run.finish());
            CPPUNIT_ASSERT_EQUAL(kUsage, run.errors());
            CPPUNIT_ASSERT_EQUAL(""s, run.output());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MkpasswdTest);

}  // namespace gnatsd::tests
