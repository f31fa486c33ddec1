// The plug-in ldap in a running server, against a real slapd that is stopped, started, paused, and
// asked over TLS.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/samples/Connect.h"
#include "tests/plugins/samples/Slapd.h"

#include <Poco/Net/ServerSocket.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

const std::string kUserDn = "user_dn: \"uid={user},ou=people,dc=example,dc=org\"";
const std::string kSearch =
    "base: \"dc=example,dc=org\", filter: \"(&(objectClass=inetOrgPerson)(uid={user}))\"";
const std::string kReader = "\nbind_dn: \"cn=reader,dc=example,dc=org\", bind_password: read";

/// With more patience than by default, for busy machines; later settings replace earlier ones.
std::string configuration(const std::string& url, const std::string& more,
                          const std::string& others = {}) {
    return "authorization { timeout: 10\n" + others + "}\nplugins { load: [ldap], ldap { url: \"" +
           url + "\", timeout: 5s\n" + more + "} }";
}

/// Asks until the answer comes: after a failure the plug-in pauses for a moment.
void mustBecome(const AuthServer& server, const std::string& wanted, const std::string& lines) {
    std::string found;
    const bool isRight = waitFor([&] {
        found = server.talk(lines);
        return found == wanted;
    });
    CPPUNIT_ASSERT_MESSAGE(found, isRight);
}

milliseconds timeOf(const AuthServer& server, const std::string& wanted, const std::string& lines) {
    const auto before = SteadyClock::now();
    CPPUNIT_ASSERT_EQUAL(wanted, server.talk(lines));
    return std::chrono::duration_cast<milliseconds>(SteadyClock::now() - before);
}

}  // namespace

class LdapServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LdapServerTest);
    CPPUNIT_TEST(theServerKnowsThePasswords);
    CPPUNIT_TEST(anEmptyPasswordIsRefusedThoughTheServerWouldTakeIt);
    CPPUNIT_TEST(namesCannotLeaveTheirPlace);
    CPPUNIT_TEST(namesAreSearched);
    CPPUNIT_TEST(theNameIsPartOfThePermissions);
    CPPUNIT_TEST(tlsIsChecked);
    CPPUNIT_TEST(aRestartedServerIsFoundAgain);
    CPPUNIT_TEST(anOutageIsNobodysFault);
    CPPUNIT_TEST(aHangingServerRefusesInTime);
    CPPUNIT_TEST(aSilentServerRefusesInTime);
    CPPUNIT_TEST(othersAreLetInMeanwhile);
    CPPUNIT_TEST(aReloadTakesAnotherDirectory);
    CPPUNIT_TEST(manyAskAtOnce);
    CPPUNIT_TEST(wrongSettingsEndTheStart);
    CPPUNIT_TEST_SUITE_END();

    void theServerKnowsThePasswords() {
        const Slapd slapd;
        AuthServer server(configuration(slapd.url(), kUserDn), {"-D"});

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "hush-wrong")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("nobody", "hush-wrong")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith("")));
        CPPUNIT_ASSERT(server.waitForLog("passwords go to " + slapd.url() + " unencrypted"));

        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("wrong name or password") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("hush-") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("secret") == std::string::npos);
    }

    // RFC 4513, 5.1.2: slapd answers "success" to a bind without a password.
    void anEmptyPasswordIsRefusedThoughTheServerWouldTakeIt() {
        const Slapd slapd;
        for (const std::string& who : {kUserDn, kSearch + kReader}) {
            AuthServer server(configuration(slapd.url(), who), {"-D"});

            CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "")));
            CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith(",\"user\":\"alice\"")));
            CPPUNIT_ASSERT(server.waitForLog("an empty password", 2));
        }
    }

    // RFC 4514, RFC 4515
    void namesCannotLeaveTheirPlace() {
        const Slapd slapd;
        AuthServer byDn(configuration(slapd.url(), kUserDn));
        CPPUNIT_ASSERT_EQUAL(pong(), byDn.talk(connectAs("Smith, J", "comma")));
        CPPUNIT_ASSERT_EQUAL(violation(), byDn.talk(connectAs("twin,ou=left", "twin")));
        CPPUNIT_ASSERT_EQUAL(violation(), byDn.talk(connectAs("alice+cn=Alice", "secret")));

        AuthServer bySearch(configuration(slapd.url(), kSearch + kReader));
        CPPUNIT_ASSERT_EQUAL(pong(), bySearch.talk(connectAs("Smith, J", "comma")));
        for (const std::string name : {"*", "ali*", "x)(uid=alice", "alice)(objectClass=*"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, violation(),
                                         bySearch.talk(connectAs(name, "secret")));
        }
    }

    void namesAreSearched() {
        const Slapd slapd;
        AuthServer server(configuration(slapd.url(), kSearch + kReader), {"-D"});

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "wrong")));
        CPPUNIT_ASSERT(server.waitForLog("wrong password"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("nobody", "secret")));
        CPPUNIT_ASSERT(server.waitForLog("unknown user"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("twin", "twin")));
        CPPUNIT_ASSERT(server.waitForLog("the directory has several of that name"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("reader", "read")));

        AuthServer wrong(configuration(
            slapd.url(),
            kSearch + "\nbind_dn: \"cn=reader,dc=example,dc=org\", bind_password: hush-hush"));
        CPPUNIT_ASSERT_EQUAL(violation(), wrong.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT(wrong.waitForLog("does not take bind_dn with bind_password"));
        const std::string log = wrong.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("hush-") == std::string::npos);
    }

    void theNameIsPartOfThePermissions() {
        const Slapd slapd;
        AuthServer server(configuration(
            slapd.url(), kUserDn + "\npermissions {publish: \"u.{user}\", subscribe: \"news.*\"}"));

        AuthTalk alice(server, connectAs("alice", "secret"));
        alice.ask(publishTo("u.alice"), "");
        alice.ask(publishTo("u.bob"), noPublish("u.bob"));
        alice.ask("SUB other 1\r\n", noSubscribe("other"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("Smith, J", "comma")));
    }

    void tlsIsChecked() {
        const Slapd slapd;
        const std::string trusted = kUserDn + "\nca_file: \"" + slapd.certificate() + "\"";
        AuthServer ldaps(configuration(slapd.tlsUrl(), trusted));
        AuthServer startTls(configuration(slapd.url(), trusted + "\nstart_tls: true"));
        AuthServer untrusted(configuration(slapd.tlsUrl(), kUserDn));
        AuthServer untrustedStart(configuration(slapd.url(), kUserDn + "\nstart_tls: true"));
        const std::string otherName = "ldaps://localhost" + slapd.tlsUrl().substr(17);
        AuthServer wrongName(configuration(otherName, trusted));

        for (AuthServer* server : {&ldaps, &startTls}) {
            CPPUNIT_ASSERT_EQUAL(pong(), server->talk(connectAs("alice", "secret")));
            CPPUNIT_ASSERT_EQUAL(pong(), server->talk(connectAs("alice", "secret")));
            CPPUNIT_ASSERT_EQUAL(violation(), server->talk(connectAs("alice", "wrong")));
            const std::string log = server->stop();
            CPPUNIT_ASSERT_MESSAGE(log, log.find("unencrypted") == std::string::npos);
        }
        for (AuthServer* server : {&untrusted, &untrustedStart, &wrongName}) {
            CPPUNIT_ASSERT_EQUAL(violation(), server->talk(connectAs("alice", "secret")));
            CPPUNIT_ASSERT(server->waitForLog("LDAP server: "));
        }
    }

    void aRestartedServerIsFoundAgain() {
        Slapd slapd;
        AuthServer server(configuration(slapd.url(), kSearch + kReader));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));

        // So quickly that only the kept connections are gone.
        slapd.stop();
        slapd.start();
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));

        slapd.stop();
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT(server.waitForLog("LDAP server: "));
        slapd.start();
        mustBecome(server, pong(), connectAs("alice", "secret"));
        CPPUNIT_ASSERT(server.waitForLog("LDAP server is back"));
    }

    void anOutageIsNobodysFault() {
        Slapd slapd;
        AuthServer server(
            configuration(slapd.url(), kUserDn, "users: [{user: admin, password: local}]"));
        slapd.stop();
        const auto before = SteadyClock::now();
        for (int i = 0; i < 60; ++i) {
            CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
        }
        const auto time = SteadyClock::now() - before;
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("admin", "local")));

        slapd.start();
        mustBecome(server, pong(), connectAs("alice", "secret"));
        // As failures of this address they would have taken up to a second each.
        CPPUNIT_ASSERT(time < std::chrono::seconds(20));
        CPPUNIT_ASSERT(server.waitForLog("Reason \"unavailable: ", 60));
        const std::string log = server.stop();
        const std::string warning = "[WRN] ldap: LDAP server: ";
        CPPUNIT_ASSERT_MESSAGE(log, log.find(warning) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(log, log.find(warning), log.rfind(warning));
    }

    void aHangingServerRefusesInTime() {
        const Slapd slapd;
        AuthServer server(configuration(slapd.url(), kUserDn + "\ntimeout: 300ms"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));

        slapd.pause();
        const milliseconds time = timeOf(server, violation(), connectAs("alice", "secret"));
        slapd.resume();
        CPPUNIT_ASSERT_MESSAGE(std::to_string(time.count()),
                               time >= milliseconds(250) && time < milliseconds(1500));
        CPPUNIT_ASSERT(server.waitForLog("no answer in time"));
        mustBecome(server, pong(), connectAs("alice", "secret"));
    }

    /// Something that accepts connections and says nothing, also no TLS.
    void aSilentServerRefusesInTime() {
        const Poco::Net::ServerSocket silent(Poco::Net::SocketAddress("127.0.0.1", 0));
        const std::string place = "127.0.0.1:" + std::to_string(silent.address().port());
        const std::string slow = kUserDn + "\ntimeout: 300ms";
        for (const std::string& text :
             {configuration("ldap://" + place, slow), configuration("ldaps://" + place, slow),
              configuration("ldap://" + place, slow + "\nstart_tls: true")}) {
            AuthServer server(text);
            const milliseconds time = timeOf(server, violation(), connectAs("alice", "secret"));
            CPPUNIT_ASSERT_MESSAGE(text + std::to_string(time.count()), time < milliseconds(1500));
            CPPUNIT_ASSERT(server.waitForLog("LDAP server: "));

            const auto before = SteadyClock::now();
            server.stop();
            CPPUNIT_ASSERT(SteadyClock::now() - before < std::chrono::seconds(5));
        }
    }

    /// Who waits for the directory keeps nobody else waiting.
    void othersAreLetInMeanwhile() {
        const Slapd slapd;
        AuthServer server(
            configuration(slapd.url(), kUserDn + "\ntimeout: 1s", "token: other-way"));
        slapd.pause();
        std::vector<std::unique_ptr<AuthTalk>> waiting;
        for (int i = 0; i < 20; ++i) {
            waiting.push_back(std::make_unique<AuthTalk>(server));
            waiting.back()->send(connectAs("alice", "secret"));
        }

        const milliseconds time = timeOf(server, pong(), connectWithToken("other-way"));
        slapd.resume();
        CPPUNIT_ASSERT_MESSAGE(std::to_string(time.count()), time < milliseconds(500));
        for (const auto& talk : waiting) {
            const std::string answer = talk->answer("");
            CPPUNIT_ASSERT_MESSAGE(answer, answer == pong() || answer == violation());
        }
        mustBecome(server, pong(), connectAs("alice", "secret"));
    }

    void aReloadTakesAnotherDirectory() {
        const Slapd slapd;
        AuthServer server(configuration("ldap://127.0.0.1:" + std::to_string(freePort()), kUserDn));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));

        server.reload(configuration(slapd.url(), kSearch + kReader));

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
    }

    void manyAskAtOnce() {
        const Slapd slapd;
        AuthServer server(configuration(slapd.url(), kSearch + kReader));
        std::vector<std::unique_ptr<AuthTalk>> talks;
        for (int i = 0; i < 200; ++i) {
            talks.push_back(std::make_unique<AuthTalk>(server));
            talks.back()->send(connectAs("alice", i % 40 == 0 ? "wrong" : "secret"));
        }

        std::string wrong;
        for (std::size_t i = 0; i < talks.size(); ++i) {
            const std::string answer = talks[i]->answer("");
            if (answer != (i % 40 == 0 ? violation() : pong())) {
                wrong += std::to_string(i) + ": " + answer;
            }
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(server.stop(), std::string(), wrong);
    }

    void wrongSettingsEndTheStart() {
        const std::string url = "ldap://127.0.0.1";
        for (const auto& [text, wanted] : std::vector<std::pair<std::string, std::string>>{
                 {configuration("", kUserDn), "the setting url is missing"},
                 {configuration("http://127.0.0.1", kUserDn), "url is no URL"},
                 {configuration(url, ""), "either user_dn or filter"},
                 {configuration(url, kUserDn + "\n" + kSearch), "either user_dn or filter"},
                 {configuration(url, "user_dn: \"uid=alice\""), "user_dn must hold {user}"},
                 {configuration(url, "filter: \"(uid={user})\""), "filter needs base"},
                 {configuration(url, kSearch + "\nbind_dn: \"cn=x\""), "go together"},
                 {configuration("ldaps://127.0.0.1", kUserDn + "\nstart_tls: true"),
                  "start_tls goes with ldap://"},
                 {configuration(url, kUserDn + "\ntimeout: 1m"), "minutes need quotes"},
                 {configuration(url, kUserDn + "\ntimeout: 1ms"), "timeout is a duration from"}}) {
            const std::string found = AuthServer::startErrors(text);
            CPPUNIT_ASSERT_MESSAGE(text + "\n" + found, found.find(wanted) != std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LdapServerTest);

}  // namespace gnatsd::tests
