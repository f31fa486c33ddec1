// The plug-in devicetoken in a running server, with tokens that the openssl program makes.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/samples/Connect.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>

namespace gnatsd::tests {

namespace {

const std::string kOld = "hush-old-0123456789";
const std::string kNew = "hush-new-0123456789";

std::int64_t unixTime() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string configuration(const std::string& secrets, const std::string& more = {}) {
    return "plugins { load: [devicetoken], devicetoken { secrets: [" + secrets + "]\n" + more +
           "\npermissions {publish: \"devices.{id}.>\", subscribe: \"commands.{id}\"} } }";
}

}  // namespace

class DeviceTokenServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeviceTokenServerTest);
    CPPUNIT_TEST(aTokenOfTheShellLetsIn);
    CPPUNIT_TEST(theDeviceHasItsOwnSubjects);
    CPPUNIT_TEST(theTimeCounts);
    CPPUNIT_TEST(secretsCanBeChangedWithoutAPause);
    CPPUNIT_TEST(aTokenCanBeGoodForOneConnection);
    CPPUNIT_TEST(aReloadJudgesAsOfTheMomentOfConnecting);
    CPPUNIT_TEST(aSessionMayEndWithItsToken);
    CPPUNIT_TEST(othersMayComeWithPasswords);
    CPPUNIT_TEST(wrongSettingsEndTheStart);
    CPPUNIT_TEST_SUITE_END();

    /// As the comment of the plug-in makes one, with another program's HMAC.
    std::string tokenOf(const std::string& id, std::int64_t time, const std::string& secret) {
        const std::string text = id + ":" + std::to_string(time);
        const std::string file = folder_.file("text");
        writeFile(file, text);
        const Outcome made = run(GNATSD_OPENSSL, {"dgst", "-sha256", "-hmac", secret, "-r", file});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.output, 0, made.status);
        return text + ":" + made.output.substr(0, 64);
    }

    void aTokenOfTheShellLetsIn() {
        AuthServer server(configuration(kNew), {"-D"});
        const std::string token = tokenOf("dev7", unixTime(), kNew);
        std::string other = token;
        other[3] = '8';

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithToken(token)));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithToken(token)));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWithToken(other)));
        CPPUNIT_ASSERT_EQUAL(
            violation(),
            server.talk(connectWithToken(tokenOf("dev7", unixTime(), "another-secret-99"))));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWithToken(kNew)));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith("")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("dev7", token)));

        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("device token with a wrong MAC") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("hush-") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log,
                               log.find(token.substr(token.rfind(':') + 1)) == std::string::npos);
    }

    void theDeviceHasItsOwnSubjects() {
        AuthServer server(configuration(kNew));

        AuthTalk device(server, connectWithToken(tokenOf("dev7", unixTime(), kNew)));
        device.ask(publishTo("devices.dev7.temperature"), "");
        device.ask(publishTo("devices.dev8.temperature"), noPublish("devices.dev8.temperature"));
        device.ask("SUB commands.dev7 1\r\n", "");
        device.ask("SUB commands.* 2\r\n", noSubscribe("commands.*"));
    }

    void theTimeCounts() {
        AuthServer server(configuration(kNew, "max_age: \"1m\", clock_skew: 20s"));
        const auto answerFor = [&](std::int64_t offset) {
            return server.talk(connectWithToken(tokenOf("dev7", unixTime() + offset, kNew)));
        };

        CPPUNIT_ASSERT_EQUAL(pong(), answerFor(0));
        CPPUNIT_ASSERT_EQUAL(pong(), answerFor(-40));
        CPPUNIT_ASSERT_EQUAL(pong(), answerFor(15));
        CPPUNIT_ASSERT_EQUAL(violation(), answerFor(-61));
        CPPUNIT_ASSERT(server.waitForLog("the device token is too old"));
        CPPUNIT_ASSERT_EQUAL(violation(), answerFor(60));
        CPPUNIT_ASSERT(server.waitForLog("the device token is from the future"));
    }

    void secretsCanBeChangedWithoutAPause() {
        AuthServer server(configuration(kOld));
        const auto answerFor = [&](const std::string& secret) {
            return server.talk(connectWithToken(tokenOf("dev7", unixTime(), secret)));
        };
        CPPUNIT_ASSERT_EQUAL(pong(), answerFor(kOld));
        CPPUNIT_ASSERT_EQUAL(violation(), answerFor(kNew));

        server.reload(configuration(kNew + ", " + kOld));
        CPPUNIT_ASSERT_EQUAL(pong(), answerFor(kOld));
        CPPUNIT_ASSERT_EQUAL(pong(), answerFor(kNew));

        server.reload(configuration(kNew));
        CPPUNIT_ASSERT_EQUAL(violation(), answerFor(kOld));
        CPPUNIT_ASSERT_EQUAL(pong(), answerFor(kNew));
    }

    void aTokenCanBeGoodForOneConnection() {
        AuthServer server(configuration(kNew, "single_use: true, remember: 2"));
        const std::string token = tokenOf("dev7", unixTime(), kNew);
        AuthTalk first(server, connectWithToken(token));

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWithToken(token)));
        CPPUNIT_ASSERT(server.waitForLog("the device token was used before"));
        CPPUNIT_ASSERT_EQUAL(pong(),
                             server.talk(connectWithToken(tokenOf("dev8", unixTime(), kNew))));
        CPPUNIT_ASSERT_EQUAL(violation(),
                             server.talk(connectWithToken(tokenOf("dev9", unixTime(), kNew))));
        CPPUNIT_ASSERT(server.waitForLog("too many device tokens to remember"));

        // A reload judges the open session again, which is no second use.
        server.reload(configuration(kNew, "single_use: true, remember: 3"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWithToken(token)));
        CPPUNIT_ASSERT_EQUAL(pong(),
                             server.talk(connectWithToken(tokenOf("dev9", unixTime(), kNew))));
        first.ask("", "");
    }

    // OPT-213
    void aReloadJudgesAsOfTheMomentOfConnecting() {
        const std::string settings = "single_use: true, max_age: 3s";
        AuthServer server(configuration(kNew + ", " + kOld, settings));
        const std::int64_t time = unixTime();
        const std::string token = tokenOf("dev7", time, kNew);
        AuthTalk device(server, connectWithToken(token));
        AuthTalk another(server, connectWithToken(tokenOf("dev8", unixTime(), kOld)));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWithToken(token)));
        CPPUNIT_ASSERT(server.waitForLog("the device token was used before"));
        CPPUNIT_ASSERT(waitFor([&] { return unixTime() > time + 3; }));

        server.reload(configuration(kNew, settings));

        CPPUNIT_ASSERT_EQUAL(violation(), another.answer(""));  // its secret is gone
        device.ask("", "");
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWithToken(token)));
        CPPUNIT_ASSERT(server.waitForLog("the device token is too old"));
    }

    // CP-205
    void aSessionMayEndWithItsToken() {
        AuthServer server(configuration(kNew, "max_age: 3s, end_sessions: true"), {"-D"});
        AuthTalk device(server, connectWithToken(tokenOf("dev7", unixTime(), kNew)));

        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'User Authentication Expired'\r\n"),
                             device.answer(""));
        CPPUNIT_ASSERT(server.waitForLog("Client connection closed: Authentication Expired"));
    }

    void othersMayComeWithPasswords() {
        AuthServer server("authorization {user: admin, password: s3cr3t}\n" + configuration(kNew));

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("admin", "s3cr3t")));
        CPPUNIT_ASSERT_EQUAL(pong(),
                             server.talk(connectWithToken(tokenOf("dev7", unixTime(), kNew))));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("dev7", "s3cr3t")));
    }

    void wrongSettingsEndTheStart() {
        for (const auto& [text, wanted] : std::vector<std::pair<std::string, std::string>>{
                 {configuration(""), "the setting secrets is missing"},
                 {configuration("hush-short"), "a secret has at least 16 bytes"},
                 {configuration(kNew, "max_age: soon"), "max_age is a duration"},
                 {configuration(kNew, "max_age: 1500ms"), "whole seconds"},
                 {configuration(kNew, "max_age: 1m"), "minutes need quotes"},
                 {configuration(kNew, "max_age: 4kb"), "write seconds as \"4096s\""},
                 {configuration(kNew, "max_age: 700001"), "a week at most"},
                 {configuration(kNew, "end_sessions: 1"), "end_sessions is true or false"},
                 {configuration(kNew, "remember: 0"), "remember is a number from 1"},
                 {configuration(kNew, "single_use: maybe"), "single_use is true or false"},
                 {"plugins { load: [devicetoken], devicetoken { secrets: [" + kNew +
                      "], permissions {publish: \"d.{user}\"} } }",
                  "braces other than {id}"},
                 {"plugins { load: [devicetoken], devicetoken { secrets: [" + kNew +
                      "], permissions {publish: \"d..{id}\"} } }",
                  "\"d..{id}\" is not a valid subject"}}) {
            const std::string found = AuthServer::startErrors(text);
            CPPUNIT_ASSERT_MESSAGE(text + "\n" + found, found.find(wanted) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(found, found.find("hush-") == std::string::npos);
        }
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeviceTokenServerTest);

}  // namespace gnatsd::tests
