// gnatsd-plugin-test as its users see it: scripts in, lines and a status out.

#include "tests/plugins/Fixtures.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

class PluginTestProgramTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginTestProgramTest);
    CPPUNIT_TEST(theTemplatePassesItsOwnScript);
    CPPUNIT_TEST(everyDecisionIsToldFromTheOthers);
    CPPUNIT_TEST(whatIsNotAsWantedIsShownWithWhatWasFound);
    CPPUNIT_TEST(anAuthenticatorThatThrowsFails);
    CPPUNIT_TEST(answersThatMakeNoSenseFail);
    CPPUNIT_TEST(anAuthenticatorThatHangsIsReportedInTime);
    CPPUNIT_TEST(anAnswerThatNeverComesIsReportedInTime);
    CPPUNIT_TEST(aStartThatHangsIsReportedInTime);
    CPPUNIT_TEST(aCrashIsReportedWithItsStep);
    CPPUNIT_TEST(aDecisionThatTakesTooLongIsReported);
    CPPUNIT_TEST(repeatedConnectsAreCheckedAtTheSameTime);
    CPPUNIT_TEST(aReloadCanRunMeanwhile);
    CPPUNIT_TEST(whatAClientSaysOfItselfIsPassedOn);
    CPPUNIT_TEST(limitsAreThoseOfTheServer);
    CPPUNIT_TEST(startAndReloadAreAllOrNothing);
    CPPUNIT_TEST(settingsComeFromTheServersFileAndItsReload);
    CPPUNIT_TEST(aModuleOfTheProductIsTestedWithWhatItNeeds);
    CPPUNIT_TEST(rulesAreAskedOfAPluginThatLetsNobodyIn);
    CPPUNIT_TEST(whatAPluginLeavesBehindIsReported);
    CPPUNIT_TEST(secretsAreNeverShown);
    CPPUNIT_TEST(aPluginThatTellsASecretIsReported);
    CPPUNIT_TEST(wrongScriptsEndWithStatusTwoAndTheirPlace);
    CPPUNIT_TEST(wrongFlagsEndWithStatusTwo);
    CPPUNIT_TEST(helpAndVersionAreAnswered);
    CPPUNIT_TEST(refusalsAreThoseOfTheServer);
    CPPUNIT_TEST_SUITE_END();

    using Words = std::vector<std::string>;

    static void assertHas(const Outcome& outcome, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' not in:\n" + outcome.output,
                               outcome.output.find(part) != std::string::npos);
    }
    static void assertHasNot(const Outcome& outcome, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' in:\n" + outcome.output,
                               outcome.output.find(part) == std::string::npos);
    }
    static void assertStatus(int status, const Outcome& outcome) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, status, outcome.status);
    }

    /// Runs a script with the misbehaving module, or another one.
    Outcome test(const std::string& script, Words flags = {},
                 const std::string& module = testModule("wayward")) {
        writeFile(folder_.file("x.plugintest"), script);
        flags.insert(flags.end(), {module, folder_.file("x.plugintest")});
        return run(GNATSD_PLUGIN_TEST, flags);
    }

    void theTemplatePassesItsOwnScript() {
        const std::string folder = GNATSD_TEMPLATE;
        const Outcome outcome =
            run(GNATSD_PLUGIN_TEST, {"--config", folder + "/myauth.conf", testModule("myauth"),
                                     folder + "/myauth.plugintest"});

        assertStatus(0, outcome);
        CPPUNIT_ASSERT_MESSAGE(outcome.output, outcome.output.starts_with("1.."));
        assertHas(outcome, "\nok 2 - " + folder +
                               "/myauth.plugintest:4: connect user=alice pass=*** -> accept "
                               "user=alice within 500ms\n");
        assertHas(outcome, " checks, all as wanted\n");
    }

    void everyDecisionIsToldFromTheOthers() {
        const std::vector<std::pair<std::string, std::string>> found = {
            {"flat", "accept"}, {"slow", "reject"}, {"nobody", "abstain"}, {"throws", "fails"}};
        for (const auto& [user, result] : found) {
            for (const std::string wanted : {"accept", "reject", "abstain", "fails"}) {
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

    void repeatedConnectsAreCheckedAtTheSameTime() {
        assertStatus(0, test("repeat 40 connect user=together -> accept\n", {"--timeout", "20s"}));

        const Outcome alone = test("connect user=together -> accept\n", {"--timeout", "20s"});
        assertStatus(1, alone);
        assertHas(alone, "nobody came along");
        const Outcome some = test("repeat 10 connect user=slow -> accept\n");
        assertHas(some, " (the first of 10 such of 10)\n");
    }

    void aReloadCanRunMeanwhile() {
        assertStatus(
            0, test("repeat 20 reloading connect user=reloaded -> accept\n", {"--timeout", "20s"}));
    }

    void whatAClientSaysOfItselfIsPassedOn() {
        const std::string all =
            "user=echo nkey=N sig=s1gnature jwt=j.w.t auth_token=t0ken name=n lang=l version=v "
            "nonce=o from=[::1]:4";
        const std::string tls = all +
                                " tls_subject=CN=x,O=y tls_common_name=x tls_name=a "
                                "tls_name=b";
        const std::string said =
            "user=echo,pass=,token=5,nkey=N,sig=9,jwt=5,nonce=o,name=n,lang=l,"
            "version=v,peer=[::1]:4,";
        assertStatus(0, test("connect " + all + " -> reject reason=\"" + said +
                             "transport=tcp,subject=,cn=,names=\"\n" + "connect " + tls +
                             " -> reject reason=\"" + said +
                             "transport=tls,subject=CN=x,O=y,cn=x,names=a b \"\n"));
    }

    void limitsAreThoseOfTheServer() {
        assertStatus(0, test("connect user=single -> accept account=ACME\n"
                             "connect user=single -> accept\n"
                             "keep\n"
                             "connect user=single -> reject reason=\"as many connections\"\n"
                             "connect user=flat -> accept\n"
                             "subscribe a.b -> allowed\n"
                             "subscribe a.* -> denied\n"
                             "publish a.b -> allowed\n"
                             "connect user=flat from=[2001:db8::1]:7 -> reject\n"));
    }

    void startAndReloadAreAllOrNothing() {
        assertStatus(0, test("start mood=bad -> fails reason=\"found mood bad, wanted good\"\n"
                             "start -> ok\n"
                             "connect user=flat -> accept\n"
                             "reload mood=bad -> fails reason=mood\n"
                             "recheck -> accept\n"
                             "reload -> ok\n"
                             "reload mood=good -> ok\n"
                             "start -> ok\n"
                             "connect user=nobody -> abstain\n"));

        const Outcome broken = test("connect user=flat -> accept\n", {"--set", "mood=bad"});
        assertStatus(1, broken);
        assertHas(broken, "Bail out! the plug-in does not start\n");
        const Outcome stopped = test("start mood=bad -> fails\nconnect user=flat -> accept\n");
        assertStatus(1, stopped);
        assertHas(stopped, "# found no plug-in that runs");
    }

    void settingsComeFromTheServersFileAndItsReload() {
        const std::string good = folder_.file("good.conf");
        const std::string bad = folder_.file("bad.conf");
        const std::string broken = folder_.file("broken.conf");
        writeFile(good, "plugins { load: [wayward], wayward { mood: good } }\n");
        writeFile(bad, "plugins { wayward { mood: bad } }\n");
        writeFile(broken, "plugins { wayward {\n");

        const Outcome outcome =
            test("reload from " + bad + " -> fails reason=\"" + bad + ":1:\"\n" + "reload from " +
                     bad + " mood=good -> ok\n" + "reload from " + broken + " -> fails\n" +
                     "connect user=flat -> accept\n",
                 {"--config", good});
        assertStatus(0, outcome);
        const Outcome wrong = test("connect -> abstain\n", {"--config", broken});
        assertStatus(2, wrong);
        assertHas(wrong, broken + ":");
        assertStatus(1, test("connect -> abstain\n", {"--config", bad}));
    }

    void aModuleOfTheProductIsTestedWithWhatItNeeds() {
        const std::string config = folder_.file("users.conf");
        writeFile(config,
                  "authorization { users: [{user: eve, password: "
                  "\"$2a$04$V1WA5UyUhoP0/pSfpBuFKucTVxMQok7kVJKwkMR8zbLbn7z33H1V.\", "
                  "permissions: {publish: \"eve.>\"}}] }\n");
        assertStatus(
            0, test("connect user=eve pass=\"tiger and lion\" -> accept user=eve\n"
                    "publish eve.x -> allowed\n"
                    "publish x -> denied\n"
                    "connect user=eve pass=tiger -> reject\n"
                    "connect user=adam pass=tiger -> abstain\n",
                    {"--config", config, "--with", "bcrypt", "--with=permissions"}, "userpass"));

        const Outcome alone = test("connect -> abstain\n", {"--config", config}, "userpass");
        assertStatus(1, alone);
    }

    void rulesAreAskedOfAPluginThatLetsNobodyIn() {
        const std::string config = folder_.file("users.conf");
        writeFile(config,
                  "authorization { users: [{user: eve, password: x, "
                  "permissions: {publish: \"eve.>\", subscribe: \"a.* q\"}}] }\n");
        assertStatus(0, test("connect user=eve -> accept user=eve\n"
                             "publish eve.x -> allowed\n"
                             "publish x -> denied\n"
                             "subscribe a.b queue q -> allowed\n"
                             "subscribe a.b queue p -> denied\n"
                             "subscribe a.b -> denied\n",
                             {"--config", config}, "permissions"));
    }

    void whatAPluginLeavesBehindIsReported() {
        const Outcome outcome = test("connect user=nobody -> abstain\n", {"--set", "leaves=true"});

        assertStatus(1, outcome);
        assertHas(outcome, "\nnot ok 3 - the plug-in stops and leaves nothing behind\n# ");
    }

    void secretsAreNeverShown() {
        const Outcome outcome = test(
            "connect user=tells pass=\"pass in quotes\" auth_token=t0ken sig=s1gnature jwt=j.w.t "
            "-> accept\n"
            "connect user=tells pass=x7 -> accept\n"
            "connect user=throws pass=${KIT_SECRET} -> accept\n"
            "reload password=hunter22 -> fails\n"
            "start secret=swordfish mood=swordfish -> ok\n",
            {"--set", "key=keyvalue", "-D"});

        assertStatus(2, outcome);  // there is no such variable
        const Outcome set = test(
            "connect user=tells pass=\"pass in quotes\" auth_token=t0ken sig=s1gnature jwt=j.w.t "
            "-> accept\n"
            "connect user=tells pass=x7 -> accept\n"
            "reload password=hunter22 -> fails\n"
            "start secret=swordfish mood=swordfish -> ok\n",
            {"--set", "key=keyvalue", "-D"});
        assertStatus(1, set);
        assertHas(set, "connect user=tells pass=*** auth_token=*** sig=*** jwt=*** -> accept\n");
        assertHas(set, "the password was ***\n");
        for (const std::string secret : {"pass in quotes", "t0ken", "s1gnature", "j.w.t", "x7",
                                         "hunter22", "swordfish", "keyvalue"}) {
            assertHasNot(set, secret);
        }
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

    void wrongScriptsEndWithStatusTwoAndTheirPlace() {
        const std::vector<std::pair<std::string, std::string>> wrong = {
            {"conect user=a -> accept", "found 'conect', wanted start, reload, connect,"},
            {"connect user=a", "found the end of the line, wanted -> and what shall come of it"},
            {"connect user=a ->", "found the end of the line, wanted accept, reject, abstain or"},
            {"connect user=a -> allowed", "found 'allowed', wanted accept, reject, abstain or"},
            {"connect passwd=hunter22 -> accept", "found the key 'passwd', wanted one of user,"},
            {"connect hunter22 -> accept", "found a word without =, wanted KEY=VALUE"},
            {"connect pass=\"hunter22 -> accept", "found no end of a quote"},
            {"connect pass=${KIT_NOT_THERE} -> accept", "found the variable KIT_NOT_THERE, wanted"},
            {"connect user=a -> accept within soon", "found no time, wanted a time, such as 500ms"},
            {"connect user=a -> accept reason=x", "wanted user=NAME, account=NAME or within TIME"},
            {"connect user=a -> reject user=x", "wanted reason=TEXT or within TIME"},
            {"publish a..b -> allowed", "found no valid subject, wanted a subject to publish to"},
            {"subscribe a.>.b -> allowed", "found no valid subject, wanted a subject to subscribe"},
            {"publish a -> accept", "found 'accept', wanted allowed or denied"},
            {"publish a -> allowed within 5s", "wanted the end of the line"},
            {"repeat 0 connect -> reject", "found no such number, wanted repeat N"},
            {"repeat 5 recheck -> reject", "wanted repeat N connect"},
            {"reload mood -> ok", "found a word without =, wanted a setting, KEY=VALUE"},
            {"reload from -> ok", "found no file, wanted the name of a configuration file"},
            {"keep it", "found more words, wanted the end of the line"},
        };
        for (const auto& [line, problem] : wrong) {
            const Outcome outcome = test("# a comment\n\nconnect -> abstain\n" + line + "\n");

            assertStatus(2, outcome);
            assertHas(outcome, "gnatsd-plugin-test: " + folder_.file("x.plugintest") + ":4: ");
            assertHas(outcome, problem);
            assertHasNot(outcome, "hunter22");
            assertHasNot(outcome, "ok 1");
        }
    }

    void wrongFlagsEndWithStatusTwo() {
        const std::string script = folder_.file("x.plugintest");
        const std::string module = testModule("wayward");
        const std::vector<std::pair<Words, std::string>> wrong = {
            {{}, "found 0 arguments beside the flags, wanted MODULE and SCRIPT"},
            {{module}, "found 1 arguments"},
            {{module, script, "more"}, "found 3 arguments"},
            {{"--unknown", module, script}, "found the flag --unknown, wanted one that --help"},
            {{module, script, "--set"}, "found --set at the end, wanted its value too"},
            {{"--set", "mood", module, script}, "wanted --set KEY=VALUE"},
            {{"--timeout", "0s", module, script}, "found --timeout 0s, wanted a time"},
            {{"--threads", "0", module, script}, "found --threads 0, wanted a number from 1 to"},
            {{module, folder_.file("none")}, "found no file " + folder_.file("none")},
            {{"--config", folder_.file("none"), module, script}, "no such file or directory"},
        };
        writeFile(script, "connect -> abstain\n");
        for (const auto& [arguments, problem] : wrong) {
            const Outcome outcome = run(GNATSD_PLUGIN_TEST, arguments);

            assertStatus(2, outcome);
            assertHas(outcome, problem);
        }
    }

    static void helpAndVersionAreAnswered() {
        const Outcome help = run(GNATSD_PLUGIN_TEST, {"--help"});
        assertStatus(0, help);
        for (const std::string word :
             {"--set", "--config", "--with", "--plugin_dir", "--timeout", "--threads", "connect",
              "repeat", "publish", "subscribe", "keep", "recheck", "reload", "start"}) {
            assertHas(help, word);
        }
        const Outcome version = run(GNATSD_PLUGIN_TEST, {"--version"});
        assertStatus(0, version);
        assertHas(version, sdk::abiSignature());
    }

    /// What is wrong with a module is said in one line that both programs share.
    void refusalsAreThoseOfTheServer() {
        const std::string found = "gnatsd-sdk/1;poco/" GNATSD_POCO_VERSION ";";
        const std::vector<std::pair<std::string, std::string>> refused = {
            {"oldabi", "found ABI " + found},
            {"otherabi", "found ABI gnatsd-sdk/0;poco/1.9.0;"},
            {"nodescriptor", "found a library without gnatsdPluginDescriptor, wanted "},
            {"noclass", "found an error in its constructor"},
            {"ghost", "found no such file, wanted a plug-in module"},
        };
        for (const auto& [name, problem] : refused) {
            const std::string line = "Plug-in " + name + ": " + testModule(name) + ": " + problem;
            const Outcome tested = test("connect -> accept\n", {}, testModule(name));
            const Outcome served =
                run(GNATSD_PROGRAM, {"-a", "127.0.0.1", "-p", "-1", "--plugin", testModule(name)});

            assertStatus(1, tested);
            assertHas(tested, "\n# " + line);
            assertHas(tested, "Bail out!");
            assertStatus(1, served);
            assertHas(served, line);
            if (problem.starts_with("found ABI")) {
                const std::string wanted =
                    std::string(", wanted ABI ") + sdk::abiSignature() + "\n";
                assertHas(tested, wanted);
                assertHas(served, wanted);
            }
        }
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginTestProgramTest);

}  // namespace gnatsd::tests
