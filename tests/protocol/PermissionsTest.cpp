// Section 3 of the authentication rules: what users may publish and subscribe to.

#include "tests/protocol/RulesFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <string_view>

namespace gnatsd::tests {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class PermissionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PermissionsTest);
    CPPUNIT_TEST(seedMatrix);
    CPPUNIT_TEST(refusalsInTheOrderOfTheQuestions);
    CPPUNIT_TEST(refusalsOfPedanticClients);
    CPPUNIT_TEST(refusalIsRepeatedAndTheRestGoesOn);
    CPPUNIT_TEST(messagesOfEveryFormAreChecked);
    CPPUNIT_TEST(replySubjectIsNotChecked);
    CPPUNIT_TEST(queueEntries);
    CPPUNIT_TEST(widerSubscriptionThanGranted);
    CPPUNIT_TEST(refusedRequestHasNoResponders);
    CPPUNIT_TEST(wildcardsMayBeOff);
    CPPUNIT_TEST(fastPublisherIsSlowedDown);
    CPPUNIT_TEST(refusalsAreLogged);
    CPPUNIT_TEST_SUITE_END();

    // AU-47
    void seedMatrix() {
        TestServer server(
            users("alice pub=> sub=>; bob pub=req.foo,req.bar sub=_INBOX.*;"
                  "joe pub=SANDBOX.* sub=PUBLIC.>,_INBOX.>"));
        const auto verbose = [&server](const std::string& user) {
            TestClient made(server);
            made.ask("CONNECT {\"verbose\":true,\"user\":\"" + user + "\"}\r\n", "+OK\r\n");
            return made;
        };
        TestClient alice = verbose("alice");
        alice.ask("PUB foo 2\r\nok\r\n", "+OK\r\n");
        alice.ask("SUB foo 1\r\n", "+OK\r\n");
        alice.ask("PUB _SYS.HB 2\r\nok\r\n", noPublish("_SYS.HB"));
        alice.ask("PUB _ 2\r\nok\r\n", "+OK\r\n");
        TestClient bob = verbose("bob");
        bob.ask("SUB foo 1\r\n", noSubscribe("foo"));
        bob.ask("PUB foo 2\r\nok\r\n", noPublish("foo"));
        bob.ask("SUB _INBOX.abcd 1\r\n", "+OK\r\n");
        bob.ask("PUB req.foo 2\r\nok\r\n", "+OK\r\n");
        bob.ask("PUB req.bar 2\r\nok\r\n", "+OK\r\n");
        TestClient joe = verbose("joe");
        joe.ask("SUB foo.bar.* 1\r\n", noSubscribe("foo.bar.*"));
        joe.ask("PUB foo.bar.baz 2\r\nok\r\n", noPublish("foo.bar.baz"));
        joe.ask("SUB _INBOX.abcd 1\r\n", "+OK\r\n");
        joe.ask("SUB PUBLIC.abcd 2\r\n", "+OK\r\n");
        joe.ask("PUB SANDBOX.foo 2\r\nok\r\n", "+OK\r\n");
        joe.ask("PUB SANDBOX.bar 2\r\nok\r\n", "+OK\r\n");
        joe.ask("PUB SANDBOX.foo.bar 2\r\nok\r\n", noPublish("SANDBOX.foo.bar"));
    }

    // AU-35, AU-36, CP-50, CP-65
    void refusalsInTheOrderOfTheQuestions() {
        TestServer server(users("bob pub=a.* sub=a.*"));
        TestClient bob(server);

        bob.ask(
            "CONNECT {\"user\":\"bob\",\"verbose\":true,\"pedantic\":false}\r\n"
            "SUB b 1\r\nSUB a.x 1\r\nPUB b 1\r\nx\r\nPUB a.x 1\r\ny\r\nSUB b..c 2\r\nSUB a. 2\r\n"
            "UNSUB 7\r\nPUB a.* 1\r\nz\r\nPING\r\n",
            "+OK\r\n" + noSubscribe("b") + "+OK\r\n" + noPublish("b") +
                "+OK\r\nMSG a.x 1 1\r\ny\r\n" + noSubscribe("b..c") +
                "-ERR 'Invalid Subject'\r\n+OK\r\n+OK\r\nPONG\r\n");
    }

    // CP-50, CP-135
    void refusalsOfPedanticClients() {
        TestServer server(users("bob pub=a.*"));
        TestClient bob(server);

        bob.ask(
            "CONNECT {\"user\":\"bob\",\"verbose\":true,\"pedantic\":true}\r\n"
            "PUB a.* 1\r\nx\r\nPUB b 1\r\nx\r\nPUB a.b 1\r\nx\r\nPING\r\n",
            "+OK\r\n-ERR 'Invalid Publish Subject'\r\n+OK\r\n" + noPublish("b") +
                "+OK\r\nPONG\r\n");
    }

    // AU-35
    void refusalIsRepeatedAndTheRestGoesOn() {
        TestServer server(users("bob pub=ok"));
        TestClient other = client(server, "all");
        other.ask("SUB > 1\r\nPING\r\n", "PONG\r\n");
        TestClient bob = client(server, "bob");
        std::string input;
        std::string refusals;
        std::string messages;
        for (int i = 0; i < 300; ++i) {
            input += "PUB no 4\r\nbody\r\nPUB ok 4\r\nbody\r\nPUB ok 4\r\nbody\r\n";
            refusals += noPublish("no");
            messages += "MSG ok 1 4\r\nbody\r\nMSG ok 1 4\r\nbody\r\n";
        }

        bob.ask(input + "PING\r\n", refusals + "PONG\r\n");
        other.expect(messages);
        other.expectNothing();
    }

    // CP-40, CP-43, CP-46
    void messagesOfEveryFormAreChecked() {
        TestServer server(users("bob pub=ok"));
        TestClient bob = client(server, "bob", kModern);
        const std::string large(100'000, 'x');

        bob.ask("SUB > 1\r\npub  no\t1 \r\nx\r\nPING\r\n", noPublish("no") + "PONG\r\n");
        bob.ask("HPUB no 12 13\r\nNATS/1.0\r\n\r\nx\r\n", noPublish("no"));
        bob.ask("HPUB no re 12 13\r\nNATS/1.0\r\n\r\nx\r\n", noPublish("no"));
        bob.ask("PUB no 100000\r\n" + large + "\r\n", noPublish("no"));
        bob.ask("PUB no 0\r\n\r\n", noPublish("no"));
        bob.send("PUB no 100000\r\n" + large.substr(0, 40'000));
        bob.send(large.substr(40'000));
        bob.ask("\r\nPUB ok 1\r\nx\r\n", noPublish("no") + "MSG ok 1 1\r\nx\r\n");
        bob.ask("HPUB ok 12 13\r\nNATS/1.0\r\n\r\nx\r\n",
                "HMSG ok 1 12 13\r\nNATS/1.0\r\n\r\nx\r\n");
        bob.expectNothing();
    }

    // AU-35
    void replySubjectIsNotChecked() {
        TestServer server(users("bob pub=req sub=>"));
        TestClient bob = client(server, "bob");

        bob.ask("SUB req 1\r\nPUB req not.allowed 1\r\nx\r\n", "MSG req 1 not.allowed 1\r\nx\r\n");
    }

    // AU-42
    void queueEntries() {
        TestServer server(
            users("one sub=foo; two sub=foo+v1; three sub=foo,foo+v1;"
                  "four sub=> subdeny=foo+dev"));
        const auto refused = [](std::string_view queue) {
            return "-ERR 'Permissions Violation for Subscription to \"foo\" using queue \"" +
                   std::string(queue) + "\"'\r\n";
        };
        const std::string question = "SUB foo 1\r\nSUB foo q1 2\r\nSUB foo v1 3\r\nPING\r\n";

        client(server, "one").ask(question, "PONG\r\n");
        client(server, "two").ask(question, noSubscribe("foo") + refused("q1") + "PONG\r\n");
        client(server, "three").ask(question, refused("q1") + "PONG\r\n");
        client(server, "four").ask(question + "SUB foo dev 4\r\n", "PONG\r\n" + refused("dev"));
    }

    // AU-37
    void widerSubscriptionThanGranted() {
        TestServer server(users("bob sub=_INBOX.*; sue sub=_INBOX.>"));
        TestClient bob = client(server, "bob");
        TestClient sue = client(server, "sue");

        for (const char* subject : {"_INBOX.>", ">", "*.*", "*", "_INBOX.a.*", "_INBOX"}) {
            bob.ask("SUB " + std::string(subject) + " 1\r\n", noSubscribe(subject));
        }
        bob.ask("SUB _INBOX.* 1\r\nSUB _INBOX.a 2\r\nPING\r\n", "PONG\r\n");
        sue.ask("SUB _INBOX.> 1\r\nSUB _INBOX.a.* 2\r\nSUB _INBOX.* 3\r\nPING\r\n", "PONG\r\n");
        sue.ask("SUB > 4\r\n", noSubscribe(">"));
    }

    // CP-105
    void refusedRequestHasNoResponders() {
        TestServer server(users("bob pub=ok"));
        TestClient bob = client(server, "bob", kModern);

        bob.ask("SUB in 1\r\nPUB no in 1\r\nx\r\nPUB ok in 1\r\nx\r\n",
                noPublish("no") + "HMSG in 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
        bob.expectNothing();
    }

    void wildcardsMayBeOff() {
        TestServer server(users("bob nowildcards"));
        TestClient bob = client(server, "bob");

        bob.ask("SUB a.* 1\r\n", noSubscribe("a.*"));
        bob.ask("SUB > 1\r\n", noSubscribe(">"));
        bob.ask("SUB a.b 1\r\nPUB a.b 1\r\nx\r\n", "MSG a.b 1 1\r\nx\r\n");
    }

    // Nothing is lost or reordered, and nobody else waits.
    void fastPublisherIsSlowedDown() {
        TestServer server(users("bob rate=100:5"));
        TestClient other = client(server, "all");
        other.ask("SUB a 1\r\nPING\r\n", "PONG\r\n");
        TestClient bob = client(server, "bob");
        std::string input;
        for (int i = 100; i < 150; ++i) {
            input += "PUB a 3\r\n" + std::to_string(i) + "\r\n";
        }
        const auto begin = Clock::now();

        bob.send(input + "PING\r\n");
        for (int i = 100; i < 150; ++i) {
            other.ask("PING\r\nPUB b 1\r\nx\r\n", "");
            std::string line = other.line();
            while (line == "PONG") {
                line = other.line();
            }
            CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 3"), line);
            other.expect(std::to_string(i) + "\r\n");
        }
        const auto took = Clock::now() - begin;
        bob.expect("PONG\r\n");

        CPPUNIT_ASSERT(took >= 430ms);  // 45 of them wait 10 ms each
        CPPUNIT_ASSERT(took < 5s);
    }

    // LOG-108, LOG-109, AU-94, AU-95, AU-98
    void refusalsAreLogged() {
        TestServer server(users("bob pub=ok sub=ok"));
        TestClient bob = client(server, "bob");
        bob.ask("PUB d\"x 1\r\nx\r\n", noPublish("d\\\"x"));
        bob.ask("SUB d 2\r\n", noSubscribe("d"));
        bob.send("SUB d q 9\r\n");
        bob.expectLine(R"(-ERR '.*using queue "q"')");

        server.log().expectMatch(
            R"(\[ERR\] .* - cid:\d+ - Publish Violation - User "bob", Subject "d\\"x")");
        server.log().expectMatch(
            R"(\[ERR\] .* - cid:\d+ - Subscription Violation - User "bob", Subject "d", SID 2)");
        server.log().expectMatch(
            R"(\[ERR\] .* - Subscription Violation - User "bob", Subject "d", Queue: "q", SID 9)");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PermissionsTest);

}  // namespace gnatsd::tests
