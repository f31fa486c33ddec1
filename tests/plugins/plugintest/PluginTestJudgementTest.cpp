// gnatsd-plugin-test as its users see it: what the program makes of a plug-in's answers, slowness,
// crashes and leaks.

#include "tests/plugins/plugintest/PluginTestFixture.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

class PluginTestJudgementTest : public PluginTestFixture {
    CPPUNIT_TEST_SUITE(PluginTestJudgementTest);
    CPPUNIT_TEST(everyDecisionIsToldFromTheOthers);
    CPPUNIT_TEST(whatIsNotAsWantedIsShownWithWhatWasFound);
    CPPUNIT_TEST(anAuthenticatorThatThrowsFails);
    CPPUNIT_TEST(answersThatMakeNoSenseFail);
    CPPUNIT_TEST(anAuthenticatorThatHangsIsReportedInTime);
    CPPUNIT_TEST(anAnswerThatNeverComesIsReportedInTime);
    CPPUNIT_TEST(aStartThatHangsIsReportedInTime);
    CPPUNIT_TEST(aCrashIsReportedWithItsStep);
    CPPUNIT_TEST(aDecisionThatTakesTooLongIsReported);
    CPPUNIT_TEST(whatAPluginLeavesBehindIsReported);
    CPPUNIT_TEST(aPluginThatTellsASecretIsReported);
    CPPUNIT_TEST_SUITE_END();

    void everyDecisionIsToldFromTheOthers() {
        const std::vector<std::pair<std::string, std::string>> found = {{"flat", "accept"},
                                                                        {"slow", "reject"},
                                                                        {"nobody", "abstain"},
                                                                        {"away", "unavailable"},
                                                                        {"throws", "fails"}};
        for (const auto& [user, result] : found) {
            for (const std::string wanted :
                 {"accept", "reject", "abstain", "unavailable", "fails"}) {
                const Outcome outcome = test("connect user=" + user + " -> " + wanted + "\n");

                assertStatus(wanted == result ? 0 : 1, outcome);
                assertHas(outcome, wanted == result ? "\nok 2 - " : "\nnot ok 2 - ");
            }
        }
    }

    void whatIsNotAsWantedIsShownWithWhatWasFound() {
        const Outcome outcome = test(
            "connect user=flat from=10.0.0.1:5 -> accept\n"
            "connect user=flat -> accept user=other\n"
            "connect user=flat -> accept account=OTHER\n"
            "connect user=nobody -> abstain reason=\"no such\"\n"
            "publish a -> allowed\n");

        assertStatus(1, outcome);
        assertHas(outcome,
                  "# wanted accept, found reject reason=\"the user may not come from this "
                  "address\" after ");
        assertHas(outcome, "# wanted user=other, found accept user=flat account=ACME after ");
        assertHas(outcome, "# wanted account=OTHER, found accept user=flat account=ACME after ");
        assertHas(outcome,
                  "# wanted \"no such\" in the reason, found abstain reason=\"wayward: "
                  "never heard of them\" after ");
        assertHas(outcome, "# found no client that was let in, wanted a connect before");
        assertHas(outcome, "# 8 checks, 5 not as wanted\n");
    }

    void anAuthenticatorThatThrowsFails() {
        const Outcome outcome = test(
            "connect user=throws -> reject\n"
            "connect user=throws42 -> fails\n"
            "connect user=flat -> accept\n");

        assertStatus(1, outcome);
        assertHas(outcome, "# wanted reject, found fails reason=\"authenticator wayward failed\"");
        assertHas(outcome, "the database is gone\n");
        assertHas(outcome, "an exception that is no std::exception\n");
        assertHas(outcome, "# 6 checks, 1 not as wanted\n");
    }

    void answersThatMakeNoSenseFail() {
        assertStatus(0, test("connect user=nonsense -> fails\n"
                             "connect user=badrules -> fails reason=\"wrong permission rules\"\n"
                             "connect user=badlimits -> fails reason=\"wrong limits\"\n"));
    }

    void anAuthenticatorThatHangsIsReportedInTime() {
        const auto begin = std::chrono::steady_clock::now();
        const Outcome outcome = test(
            "connect user=hangs -> reject\n"
            "connect user=flat -> accept\n",
            {"--timeout", "300ms"});
        const auto took = std::chrono::steady_clock::now() - begin;

        assertStatus(1, outcome);
        assertHas(outcome, "# wanted reject, found no answer in time after ");
        assertHas(outcome, "\nok 3 - ");
        assertHas(outcome, "# found calls into the plug-in that do not come back: 1, wanted all");
        CPPUNIT_ASSERT_MESSAGE(outcome.output, took < std::chrono::seconds(10));
    }

    void anAnswerThatNeverComesIsReportedInTime() {
        const Outcome outcome = test("connect user=silent -> reject\n", {"--timeout=200ms"});

        assertStatus(1, outcome);
        assertHas(outcome, "# wanted reject, found no answer in time after 2");
        // To be silent breaks no rule: the client runs into the timeout, nobody hangs.
        assertHas(outcome, "\nok 3 - the plug-in stops and leaves nothing behind\n");
    }

    void aStartThatHangsIsReportedInTime() {
        const std::string hangs = "Bail out! the plug-in does not come back: ";
        const Outcome start =
            test("connect user=flat -> accept\n", {"--set", "mood=sleepy", "--timeout", "50ms"});
        const Outcome reload = test("reload mood=sleepy -> ok\n", {"--timeout", "50ms"});

        assertStatus(1, start);
        assertHas(start, hangs + "the start\n");
        assertStatus(1, reload);
        assertHas(reload, hangs + folder_.file("x.plugintest") + ":1: reload mood=*** -> ok\n");
    }

    void aCrashIsReportedWithItsStep() {
        const Outcome outcome = test(
            "connect user=flat -> accept\n"
            "repeat 3 connect user=crashes pass=zanzibar -> accept\n");

        CPPUNIT_ASSERT_MESSAGE(outcome.output, outcome.status != 0);
        assertHas(outcome, "\nok 2 - ");
        assertHas(outcome, "\nBail out! the plug-in crashed: " + folder_.file("x.plugintest") +
                               ":2: repeat 3 connect user=crashes pass=*** -> accept\n");
    }

    void aDecisionThatTakesTooLongIsReported() {
        const Outcome outcome = test(
            "connect user=slow -> reject within 100ms\n"
            "connect user=slow -> reject within 20s\n");

        assertStatus(1, outcome);
        assertHas(outcome, "\nnot ok 2 - ");
        assertHas(outcome, "# wanted it within 100.0ms, found reject reason=\"thought about it\"");
        assertHas(outcome, "\nok 3 - ");
    }

    void whatAPluginLeavesBehindIsReported() {
        const Outcome outcome = test("connect user=nobody -> abstain\n", {"--set", "leaves=true"});

        assertStatus(1, outcome);
        assertHas(outcome, "\nnot ok 3 - the plug-in stops and leaves nothing behind\n# ");
    }

    void aPluginThatTellsASecretIsReported() {
        const std::string check = " - no secret of the script is in the log or in a reason\n";
        const Outcome told = test("connect user=tells pass=zanzibar -> reject\n");
        assertStatus(1, told);
        assertHas(told, "\nnot ok 4" + check);
        assertHas(told, "# told a secret of the script: wayward: the password was ***\n");

        const Outcome kept = test("connect user=slow pass=zanzibar -> reject\n");
        assertStatus(0, kept);
        assertHas(kept, "\nok 4" + check);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginTestJudgementTest);

}  // namespace gnatsd::tests
