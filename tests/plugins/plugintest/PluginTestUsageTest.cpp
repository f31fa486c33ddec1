// gnatsd-plugin-test as its users see it: wrong scripts, wrong flags, modules that cannot be
// loaded, and that no secret is shown.

#include "tests/plugins/plugintest/PluginTestFixture.h"

#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

class PluginTestUsageTest : public PluginTestFixture {
    CPPUNIT_TEST_SUITE(PluginTestUsageTest);
    CPPUNIT_TEST(secretsAreNeverShown);
    CPPUNIT_TEST(wrongScriptsEndWithStatusTwoAndTheirPlace);
    CPPUNIT_TEST(wrongFlagsEndWithStatusTwo);
    CPPUNIT_TEST(helpAndVersionAreAnswered);
    CPPUNIT_TEST(refusalsAreThoseOfTheServer);
    CPPUNIT_TEST_SUITE_END();

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

    void wrongScriptsEndWithStatusTwoAndTheirPlace() {
        const std::vector<std::pair<std::string, std::string>> wrong = {
            {"conect user=a -> accept", "found 'conect', wanted start, reload, connect,"},
            {"connect user=a", "found the end of the line, wanted -> and what shall come of it"},
            {"connect user=a ->",
             "found the end of the line, wanted accept, reject, abstain, unavailable or"},
            {"connect user=a -> allowed",
             "found 'allowed', wanted accept, reject, abstain, unavailable or"},
            {"connect passwd=hunter22 -> accept", "found the key 'passwd', wanted one of user,"},
            {"connect hunter22 -> accept", "found a word without =, wanted KEY=VALUE"},
            {"connect pass=\"hunter22 -> accept", "found no end of a quote"},
            {"connect pass=${KIT_NOT_THERE} -> accept", "found the variable KIT_NOT_THERE, wanted"},
            {"connect user=a -> accept within soon", "found no time, wanted a time, such as 500ms"},
            {"connect user=a -> accept reason=x",
             "wanted user=NAME, account=NAME, publish_rate=N, lasts=TIME or"},
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
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginTestUsageTest);

}  // namespace gnatsd::tests
