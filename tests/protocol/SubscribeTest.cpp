// Section 5: SUB. What a pattern matches: section 8.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

namespace gnatsd::tests {

class SubscribeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SubscribeTest);
    CPPUNIT_TEST(sidComesBackVerbatim);
    CPPUNIT_TEST(sidInUseKeepsItsFirstSubscription);
    CPPUNIT_TEST(sidsOfDifferentConnectionsAreIndependent);
    CPPUNIT_TEST(sidCanBeUsedAgainAfterUnsub);
    CPPUNIT_TEST(invalidSubjectsAreRefusedInEveryMode);
    CPPUNIT_TEST(duplicateSidIsLookedAtBeforeTheSubject);
    CPPUNIT_TEST(wildcardsMatchAsTheyShould);
    CPPUNIT_TEST(wildcardsInsideATokenAreLiteral);
    CPPUNIT_TEST(subscriptionMatchesAtMostOnce);
    CPPUNIT_TEST(subscriptionIsThereOnceThePongIs);
    CPPUNIT_TEST(manySubscriptionsOnOneConnection);
    CPPUNIT_TEST_SUITE_END();

    // CP-60, CP-61
    void sidComesBackVerbatim() {
        TestServer server;
        TestClient client(server);
        client.connect();

        for (const std::string_view sid :
             {"1", "007", "abc", "-1", "{\"a\"}", "\xc3\xa9", "*", ">"}) {
            const std::string text(sid);
            client.send("SUB foo " + text + "\r\n");
            client.ask("PUB foo 1\r\nx\r\n", "MSG foo " + text + " 1\r\nx\r\n");
            client.send("UNSUB " + text + "\r\n");
        }
        const std::string longSid(4000, 's');
        client.send("SUB foo " + longSid + "\r\n");
        client.ask("PUB foo 1\r\nx\r\n", "MSG foo " + longSid + " 1\r\nx\r\n");
    }

    // CP-62
    void sidInUseKeepsItsFirstSubscription() {
        TestServer server;
        TestClient client(server);

        client.ask("SUB foo 1\r\nSUB bar 1\r\nSUB foo 1\r\n", "+OK\r\n+OK\r\n+OK\r\n");
        client.ask("PUB bar 1\r\nx\r\nPUB foo 1\r\ny\r\nPING\r\n",
                   "+OK\r\n+OK\r\nMSG foo 1 1\r\ny\r\nPONG\r\n");
    }

    // CP-61
    void sidsOfDifferentConnectionsAreIndependent() {
        TestServer server;
        TestClient first(server);
        first.connect();
        first.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient second(server);
        second.connect();
        second.ask("SUB bar 1\r\nUNSUB 1\r\nSUB bar 1\r\nPING\r\n", "PONG\r\n");

        second.send("PUB foo 1\r\nx\r\n");
        first.expect("MSG foo 1 1\r\nx\r\n");
        first.send("PUB bar 1\r\nx\r\n");
        second.expect("MSG bar 1 1\r\nx\r\n");
    }

    // CP-63
    void sidCanBeUsedAgainAfterUnsub() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.send("SUB foo 1\r\nUNSUB 1\r\nSUB bar 1\r\n");
        client.ask("PUB foo 1\r\nx\r\nPUB bar 1\r\ny\r\nPING\r\n", "MSG bar 1 1\r\ny\r\nPONG\r\n");
        client.send("UNSUB 1 2\r\nPUB bar 1\r\nz\r\nSUB baz 1\r\n");
        client.ask("PUB baz 1\r\nx\r\nPUB bar 1\r\ny\r\nPING\r\n",
                   "MSG bar 1 1\r\nz\r\nMSG baz 1 1\r\nx\r\nPONG\r\n");
    }

    // CP-64, CP-132
    void invalidSubjectsAreRefusedInEveryMode() {
        TestServer server;
        TestClient pedantic(server);
        TestClient relaxed(server);
        relaxed.connect();

        for (const std::string_view subject :
             {".a", "a.", "a..b", ".", "..", "a.>.b", ">.a", ">.>", "*..>"}) {
            const std::string line = "SUB " + std::string(subject) + " 1\r\n";
            pedantic.ask(line, "-ERR 'Invalid Subject'\r\n");
            relaxed.ask(line, "-ERR 'Invalid Subject'\r\n");
        }
        pedantic.ask("SUB a 1\r\n", "+OK\r\n");
        relaxed.ask("SUB a q 1\r\nPUB a 1\r\nx\r\n", "MSG a 1 1\r\nx\r\n");
    }

    // CP-65
    void duplicateSidIsLookedAtBeforeTheSubject() {
        TestServer server;
        TestClient client(server);

        client.ask("SUB foo 1\r\nSUB a..b 1\r\n", "+OK\r\n+OK\r\n");
    }

    // CP-131, CP-137
    void wildcardsMatchAsTheyShould() {
        struct Case {
            const char* pattern;
            const char* subject;
            bool matches;
        };
        TestServer server;
        TestClient client(server);
        client.connect();

        for (const Case& one :
             {Case{"a.*.c", "a.b.c", true}, Case{"a.b.*", "a.b.c", true},
              Case{"a.>", "a.b.c", true}, Case{"a.>", "a.b", true},
              Case{"stats.*.*", "stats.test.22", true}, Case{">", "a", true},
              Case{">", "a.b.c", true}, Case{"*", "a", true}, Case{"*.*", "a.b", true},
              Case{"*.>", "a.b.c", true}, Case{"foo", "foo.bar", false},
              Case{"foo.>", "foo", false}, Case{"*", "foo.bar", false}, Case{"a.*", "a", false},
              Case{"*.b", "a.c", false}, Case{"a.b.*", "a.c.c", false}, Case{"*.>", "a", false},
              Case{"foo", "fo", false}, Case{"fo", "foo", false}}) {
            const std::string subject(one.subject);
            client.send("SUB " + std::string(one.pattern) + " 1\r\nPUB " + subject + " 1\r\nx\r\n");
            if (one.matches) {
                client.expect("MSG " + subject + " 1 1\r\nx\r\n");
            }
            client.expectNothing();
            client.send("UNSUB 1\r\n");
        }
    }

    // CP-133
    void wildcardsInsideATokenAreLiteral() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo* 1\r\nSUB *foo 2\r\nSUB >foo.bar 3\r\nSUB a.** 4\r\nSUB a.>> 5\r\n");

        client.ask("PUB foo* 1\r\nx\r\n", "MSG foo* 1 1\r\nx\r\n");
        client.ask("PUB *foo 1\r\nx\r\n", "MSG *foo 2 1\r\nx\r\n");
        client.ask("PUB >foo.bar 1\r\nx\r\n", "MSG >foo.bar 3 1\r\nx\r\n");
        client.ask("PUB a.** 1\r\nx\r\n", "MSG a.** 4 1\r\nx\r\n");
        client.ask("PUB a.>> 1\r\nx\r\n", "MSG a.>> 5 1\r\nx\r\n");
        client.send(
            "PUB food 1\r\nx\r\nPUB xfoo 1\r\nx\r\nPUB a.b 1\r\nx\r\nPUB xfoo.bar 1\r\nx\r\n");
        client.expectNothing();
    }

    // CP-136
    void subscriptionMatchesAtMostOnce() {
        TestServer server;
        TestClient client(server);
        client.connect();

        for (const std::string_view pattern : {"*.*.>", "*.>", ">", "a.*.>", "a.>"}) {
            client.send("SUB " + std::string(pattern) + " 1\r\n");
            client.ask("PUB a.b.c 1\r\nx\r\nPUB a.*.> 1\r\nx\r\nPING\r\n",
                       "MSG a.b.c 1 1\r\nx\r\nMSG a.*.> 1 1\r\nx\r\nPONG\r\n");
            client.send("UNSUB 1\r\n");
        }
    }

    // CP-91: seen by whoever publishes after the PONG, on whatever thread
    void subscriptionIsThereOnceThePongIs() {
        TestServer server;
        TestClient publisher(server);
        publisher.connect();
        TestClient subscriber(server);
        subscriber.connect();

        for (int i = 0; i < 200; ++i) {
            const std::string number = std::to_string(i);
            const std::string pattern = i % 2 == 0 ? "foo" : "*";
            subscriber.ask("SUB " + pattern + " " + number + "\r\nPING\r\n", "PONG\r\n");
            publisher.send("PUB foo 1\r\nx\r\n");
            subscriber.expect("MSG foo " + number + " 1\r\nx\r\n");
            subscriber.send("UNSUB " + number + "\r\n");
            subscriber.expectNothing();
            publisher.send("PUB foo 1\r\nx\r\n");
            publisher.expectNothing();
        }
        subscriber.expectNothing();
    }

    // CP-60
    void manySubscriptionsOnOneConnection() {
        constexpr int kCount = 5000;
        TestServer server;
        TestClient client(server);
        client.connect();
        std::string subscribe;
        std::string publish;
        std::string expected;
        for (int i = 0; i < kCount; ++i) {
            const std::string number = std::to_string(i);
            subscribe += "SUB foo." + number + " " + number + "\r\n";
            publish += "PUB foo." + number + " 1\r\nx\r\n";
            expected += "MSG foo." + number + " " + number + " 1\r\nx\r\n";
        }

        client.send(subscribe);
        client.ask(publish, expected);
        client.expectNothing();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SubscribeTest);

}  // namespace gnatsd::tests
