// gnatsd-plugin-test as its users see it: what a script can ask and where the settings come from.

#include "tests/plugins/plugintest/PluginTestFixture.h"

#include <string>

namespace gnatsd::tests {

class PluginTestScriptTest : public PluginTestFixture {
    CPPUNIT_TEST_SUITE(PluginTestScriptTest);
    CPPUNIT_TEST(theTemplatePassesItsOwnScript);
    CPPUNIT_TEST(repeatedConnectsAreCheckedAtTheSameTime);
    CPPUNIT_TEST(aReloadCanRunMeanwhile);
    CPPUNIT_TEST(whatAClientSaysOfItselfIsPassedOn);
    CPPUNIT_TEST(limitsAreThoseOfTheServer);
    CPPUNIT_TEST(whatAnAcceptBringsIsCompared);
    CPPUNIT_TEST(deliveriesAreFilteredAndGrantAnswers);
    CPPUNIT_TEST(aRecheckIsKnownAsOne);
    CPPUNIT_TEST(startAndReloadAreAllOrNothing);
    CPPUNIT_TEST(settingsComeFromTheServersFileAndItsReload);
    CPPUNIT_TEST(aModuleOfTheProductIsTestedWithWhatItNeeds);
    CPPUNIT_TEST(rulesAreAskedOfAPluginThatLetsNobodyIn);
    CPPUNIT_TEST_SUITE_END();

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

    void whatAnAcceptBringsIsCompared() {
        assertStatus(0, test("connect user=metered -> accept publish_rate=100\n"
                             "connect user=brief -> accept lasts=1m publish_rate=0\n"
                             "recheck -> accept\n"));

        const Outcome wrong = test(
            "connect user=metered -> accept publish_rate=99\n"
            "connect user=metered -> accept lasts=1m\n"
            "connect user=brief -> accept lasts=50s\n");
        assertStatus(1, wrong);
        assertHas(wrong,
                  "# wanted publish_rate=99, found accept user=metered account=$G "
                  "publish_rate=100 after ");
        assertHas(wrong, "# wanted lasts=60000.0ms, found accept user=metered account=$G ");
        assertHas(wrong, "# wanted lasts=50000.0ms, found accept user=brief account=$G lasts=59");
        assertHas(wrong, "# 6 checks, 3 not as wanted\n");
    }

    // AU-39, AU-41
    void deliveriesAreFilteredAndGrantAnswers() {
        assertStatus(0, test("connect user=answers -> accept\n"
                             "publish r.1 -> denied\n"
                             "deliver ask.this reply r.1 -> allowed\n"
                             "publish r.2 -> denied\n"
                             "publish r.1 -> allowed\n"
                             "publish r.1 -> denied\n"
                             "deliver ask.secret reply r.3 -> denied\n"
                             "publish r.3 -> denied\n"
                             "deliver work -> denied\n"
                             "deliver work queue q reply r.4 -> allowed\n"
                             "connect user=answers -> accept\n"
                             "publish r.4 -> denied\n"));
        assertStatus(2, test("connect user=answers -> accept\ndeliver ask..x -> allowed\n"));
    }

    void aRecheckIsKnownAsOne() {
        assertStatus(0, test("connect user=early -> accept\n"
                             "recheck -> reject reason=\"came before\"\n"
                             "connect user=early -> accept\n"));
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
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginTestScriptTest);

}  // namespace gnatsd::tests
