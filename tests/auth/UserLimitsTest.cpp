// Accounts and the limits of a user in a running server, as clients meet them.

#include "tests/auth/AuthServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

constexpr const char* kViolation = "-ERR 'Authorization Violation'\r\n";
constexpr const char* kPong = "PONG\r\n";

std::string user(const std::string& name) {
    return R"(CONNECT {"verbose":false,"user":")" + name + R"(","pass":"p"})" + "\r\nPING\r\n";
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class UserLimitsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UserLimitsTest);
    CPPUNIT_TEST(accountsDoNotHearEachOther);
    CPPUNIT_TEST(accountsStaySeparateAfterAReload);
    CPPUNIT_TEST(withoutAuthorizationEverybodyMayDoEverything);
    CPPUNIT_TEST(exportsAndImportsAreRefused);
    CPPUNIT_TEST(aUserHasSoManyConnections);
    CPPUNIT_TEST(aUserComesFromListedNetworks);
    CPPUNIT_TEST(wildcardsMayBeForbidden);
    CPPUNIT_TEST(publishersAreHeldToTheirRate);
    CPPUNIT_TEST(acceptedClientsAreLoggedOnDemand);
    CPPUNIT_TEST(failuresAreSlowedUnlessSwitchedOff);
    CPPUNIT_TEST_SUITE_END();

    static std::string accounts() {
        return "accounts {\n"
               "  A { users: [ {user: a, password: p}, {user: a2, password: p} ] }\n"
               "  B { users: [ {user: b, password: p} ] }\n"
               "}\n"
               "authorization { users: [ {user: g, password: p} ] }\n";
    }

    static void assertSeparate(const AuthServer& server) {
        AuthTalk a(server, user("a"));
        AuthTalk b(server, user("b"));
        AuthTalk g(server, user("g"));
        a.ask("SUB > 1\r\n", "");
        b.ask("SUB x.* q 1\r\n", "");
        g.ask("SUB x.y 1\r\n", "");

        AuthTalk(server, user("a2")).ask("PUB x.y 1\r\n1\r\n", "");
        AuthTalk(server, user("b")).ask("PUB x.y 1\r\n2\r\n", "");
        AuthTalk(server, user("g")).ask("PUB x.y 1\r\n3\r\n", "");

        a.ask("", "MSG x.y 1 1\r\n1\r\n");
        b.ask("", "MSG x.y 1 1\r\n2\r\n");
        g.ask("", "MSG x.y 1 1\r\n3\r\n");
    }

    void accountsDoNotHearEachOther() {
        AuthServer server(accounts());

        assertSeparate(server);
    }

    void accountsStaySeparateAfterAReload() {
        AuthServer server("authorization { users: [ {user: a, password: p} ] }");

        server.reload(accounts());

        assertSeparate(server);
    }

    // OPT-213: also who is connected already, and back.
    void withoutAuthorizationEverybodyMayDoEverything() {
        const std::string rules =
            "authorization { users: [ {user: a, password: p, permissions: {publish: x}} ] }";
        AuthServer server(rules);
        AuthTalk talk(server, user("a"));
        const std::string denied = "-ERR 'Permissions Violation for Publish to \"y\"'\r\n";
        const auto publish = [&talk] {
            std::string text = talk.answer("PUB y 0\r\n\r\nPING\r\n");
            return text == kPong ? text : text + talk.answer("");
        };
        const auto until = [&publish](const std::string& wanted) {
            const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
            while (publish() != wanted) {
                CPPUNIT_ASSERT(std::chrono::steady_clock::now() < deadline);
            }
        };
        CPPUNIT_ASSERT_EQUAL(denied + kPong, publish());

        server.reload("");
        until(kPong);

        server.reload(rules);
        until(denied + kPong);
    }

    void exportsAndImportsAreRefused() {
        for (const std::string key : {"exports", "imports"}) {
            const std::string found = AuthServer::startErrors(
                "accounts { A { users: [ {user: a} ], " + key + ": [ {stream: x} ] } }");
            CPPUNIT_ASSERT_MESSAGE(found, has(found, '"' + key + '"'));
        }
    }

    void aUserHasSoManyConnections() {
        AuthServer server(
            "authorization { users: [ {user: a, password: p, max_connections: 2}\n"
            "                         {user: b, password: p} ] }");
        auto first = std::make_unique<AuthTalk>(server, user("a"));
        const AuthTalk second(server, user("a"));

        const std::string third = server.talk(user("a"));
        CPPUNIT_ASSERT_MESSAGE(third, has(third, "-ERR '"));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("b")));

        first.reset();
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (server.talk(user("a")) != kPong) {
            CPPUNIT_ASSERT(std::chrono::steady_clock::now() < deadline);
        }
    }

    void aUserComesFromListedNetworks() {
        AuthServer server(
            "authorization { users: [\n"
            "  {user: near, password: p, allow_from: ['127.0.0.0/8', '::1/128']}\n"
            "  {user: far, password: p, allow_from: ['10.0.0.0/8']} ] }");

        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("near")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("far")));
    }

    void wildcardsMayBeForbidden() {
        AuthServer server(
            "authorization { users: [ {user: a, password: p, no_wildcards: true} ] }");
        AuthTalk talk(server, user("a"));

        talk.ask("SUB x.y 1\r\n", "");
        talk.ask("SUB x.* 2\r\n", "-ERR 'Permissions Violation for Subscription to \"x.*\"'\r\n");
        talk.ask("SUB > 3\r\n", "-ERR 'Permissions Violation for Subscription to \">\"'\r\n");
    }

    // A token bucket of 10 with 100 a second: 60 messages take half a second, and none is lost.
    void publishersAreHeldToTheirRate() {
        AuthServer server(
            "authorization { users: [\n"
            "  {user: slow, password: p, publish_rate: 100, publish_burst: 10}\n"
            "  {user: free, password: p} ] }");
        AuthTalk listener(server, user("free"));
        listener.ask("SUB x 1\r\n", "");
        AuthTalk slow(server, user("slow"));
        std::string lines;
        std::string wanted;
        for (int i = 0; i < 60; ++i) {
            lines += "PUB x 0\r\n\r\n";
            wanted += "MSG x 1 0\r\n\r\n";
        }

        const auto begin = std::chrono::steady_clock::now();
        slow.ask(lines, "");
        const auto taken = std::chrono::steady_clock::now() - begin;

        CPPUNIT_ASSERT(taken >= std::chrono::milliseconds(400));
        listener.ask("", wanted);
    }

    void acceptedClientsAreLoggedOnDemand() {
        AuthServer server("authorization { users: [ {user: a, password: p} ] }");
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("a")));

        server.reload(
            "auth_log_accepts: true\nauthorization { users: [ {user: a, password: p} ] }");
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("a")));

        const std::string log = server.stop();
        const std::string line = "Authenticated - User \"a\"";
        const std::size_t at = log.find(line);
        CPPUNIT_ASSERT_MESSAGE(log, at != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find(line, at + 1) == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, has(log, "Method \"userpass\""));
    }

    static std::chrono::steady_clock::duration timeOfFailures(const std::string& setting) {
        AuthServer server(setting + "authorization { users: [ {user: a, password: q} ] }");
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < 14; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("a")));
        }
        return std::chrono::steady_clock::now() - begin;
    }

    void failuresAreSlowedUnlessSwitchedOff() {
        const auto slow = timeOfFailures("");
        const auto quick = timeOfFailures("auth_slow_down: false\n");

        CPPUNIT_ASSERT(slow > 2 * quick);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UserLimitsTest);

}  // namespace gnatsd::tests
