// Section 5: UNSUB, at once and after a number of messages.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

namespace gnatsd::tests {

class UnsubscribeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UnsubscribeTest);
    CPPUNIT_TEST(unsubRemovesAtOnce);
    CPPUNIT_TEST(unknownSidsAreIgnored);
    CPPUNIT_TEST(whatIsNoPositiveNumberMeansNow);
    CPPUNIT_TEST(maxCountsFromTheSubscription);
    CPPUNIT_TEST(maxReachedAlreadyMeansNow);
    CPPUNIT_TEST(anotherMaxReplacesTheFirst);
    CPPUNIT_TEST(unsubWithoutMaxCancelsMax);
    CPPUNIT_TEST(hugeMaxIsNeverReached);
    CPPUNIT_TEST(maxHoldsForMessagesOfOthers);
    CPPUNIT_TEST(maxHoldsForSeveralPublishersAtOnce);
    CPPUNIT_TEST(queueMembersCountTheirOwnMessages);
    CPPUNIT_TEST(closedConnectionTakesItsSubscriptionsAlong);
    CPPUNIT_TEST(removalIsLogged);
    CPPUNIT_TEST_SUITE_END();

    static std::string publishes(int count) {
        std::string text;
        for (int i = 1; i <= count; ++i) {
            text += "PUB foo 1\r\n" + std::to_string(i % 10) + "\r\n";
        }
        return text;
    }

    static std::string messages(int from, int to) {
        std::string text;
        for (int i = from; i <= to; ++i) {
            text += "MSG foo 1 1\r\n" + std::to_string(i % 10) + "\r\n";
        }
        return text;
    }

    // CP-66, CP-68
    void unsubRemovesAtOnce() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\n" + publishes(1) + "UNSUB 1\r\n" + publishes(1) + "PING\r\n",
                   messages(1, 1) + "PONG\r\n");
    }

    // CP-67
    void unknownSidsAreIgnored() {
        TestServer server;
        TestClient client(server);

        client.ask("UNSUB 1\r\nUNSUB 1 5\r\nSUB foo 1\r\nUNSUB 1\r\nUNSUB 1\r\nUNSUB 1 0\r\n",
                   "+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n");
    }

    // CP-68
    void whatIsNoPositiveNumberMeansNow() {
        TestServer server;
        TestClient client(server);
        client.connect();

        for (const std::string_view max : {"0", "00", "x", "-1", "5x", "1.5", "+3"}) {
            client.ask(
                "SUB foo 1\r\nUNSUB 1 " + std::string(max) + "\r\n" + publishes(1) + "PING\r\n",
                "PONG\r\n");
        }
    }

    // CP-69, CP-70
    void maxCountsFromTheSubscription() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\nUNSUB 1 3\r\n" + publishes(5) + "PING\r\n",
                   messages(1, 3) + "PONG\r\n");
        client.ask("SUB foo 1\r\n" + publishes(2) + "UNSUB 1 5\r\n" + publishes(5) + "PING\r\n",
                   messages(1, 2) + messages(1, 3) + "PONG\r\n");
        client.ask("SUB foo 1\r\n" + publishes(2) + "PING\r\n", messages(1, 2) + "PONG\r\n");
        client.ask("UNSUB 1 3\r\n" + publishes(5) + "PING\r\n", messages(1, 1) + "PONG\r\n");
    }

    // CP-69
    void maxReachedAlreadyMeansNow() {
        TestServer server;
        TestClient client(server);
        client.connect();

        for (const std::string_view max : {"1", "2", "3"}) {
            client.ask("SUB foo 1\r\n" + publishes(3) + "UNSUB 1 " + std::string(max) + "\r\n" +
                           publishes(2) + "PING\r\n",
                       messages(1, 3) + "PONG\r\n");
        }
    }

    // CP-69
    void anotherMaxReplacesTheFirst() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\nUNSUB 1 2\r\nUNSUB 1 4\r\n" + publishes(6) + "PING\r\n",
                   messages(1, 4) + "PONG\r\n");
        client.ask("SUB foo 1\r\nUNSUB 1 4\r\n" + publishes(1) + "UNSUB 1 2\r\n" + publishes(6) +
                       "PING\r\n",
                   messages(1, 1) + messages(1, 1) + "PONG\r\n");
    }

    // CP-68
    void unsubWithoutMaxCancelsMax() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\nUNSUB 1 4\r\n" + publishes(1) + "UNSUB 1\r\n" + publishes(2) +
                       "SUB foo 1\r\n" + publishes(6) + "PING\r\n",
                   messages(1, 1) + messages(1, 6) + "PONG\r\n");
    }

    // CP-69
    void hugeMaxIsNeverReached() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\nUNSUB 1 18446744073709551617\r\n" + publishes(3) + "PING\r\n",
                   messages(1, 3) + "PONG\r\n");
    }

    // CP-70
    void maxHoldsForMessagesOfOthers() {
        TestServer server;
        TestClient client(server);
        client.connect();
        TestClient publisher(server);
        publisher.connect();

        for (int round = 0; round < 50; ++round) {
            client.ask("SUB foo 1\r\nUNSUB 1 3\r\nPING\r\n", "PONG\r\n");
            publisher.ask(publishes(5) + "PING\r\n", "PONG\r\n");
            client.expect(messages(1, 3));
            client.expectNothing();
        }
    }

    // CP-70: the count is exact whoever publishes
    void maxHoldsForSeveralPublishersAtOnce() {
        constexpr int kMax = 1500;
        TestServer server;
        TestClient client(server);
        client.connect();
        client.ask("SUB foo 1\r\nUNSUB 1 " + std::to_string(kMax) + "\r\nPING\r\n", "PONG\r\n");
        TestClient first(server);
        first.connect();
        TestClient second(server);
        second.connect();

        first.send(publishes(1000));
        second.send(publishes(1000));
        client.send(publishes(1000));

        const std::size_t size = messages(1, 1).size();
        client.bytes(kMax * size);
        first.expectNothing();
        second.expectNothing();
        client.expectNothing();
    }

    // CP-70
    void queueMembersCountTheirOwnMessages() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo q a\r\nSUB foo q b\r\nUNSUB a 2\r\nUNSUB b 2\r\n");

        client.send(publishes(10));
        int ofA = 0;
        for (int i = 0; i < 4; ++i) {
            ofA += client.expectLine("MSG foo [ab] 1").find(" a ") != std::string::npos ? 1 : 0;
            client.line();
        }

        CPPUNIT_ASSERT_EQUAL(2, ofA);
        client.expectNothing();
    }

    // CP-71
    void closedConnectionTakesItsSubscriptionsAlong() {
        TestServer server;
        TestClient publisher(server);
        publisher.connect(R"(,"headers":true,"no_responders":true)");
        publisher.send("SUB answer 9\r\n");
        {
            TestClient client(server);
            client.connect();
            client.ask("SUB foo 1\r\nSUB foo q 2\r\nUNSUB 2 100\r\nPING\r\n", "PONG\r\n");
        }
        server.log().expect("cid:2 - Client connection closed: Client Closed");

        publisher.ask("PUB foo answer 0\r\n\r\n",
                      "HMSG answer 9 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
    }

    // LOG-64, LOG-120
    void removalIsLogged() {
        ServerSetup setup;
        setup.trace = true;
        TestServer server(setup);
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\nUNSUB 1 2\r\n" + publishes(3) + "PING\r\n",
                   messages(1, 2) + "PONG\r\n");
        client.ask("SUB bar b\r\nUNSUB b\r\nPING\r\n", "PONG\r\n");

        server.log().expectMatch(
            R"(\[DBG\] 127.* - Deferring actual UNSUB\(foo\): 2 max, 0 received)");
        server.log().expectMatch(
            R"(\[DBG\] 127.* - Auto-unsubscribe limit of 2 reached for sid '1')");
        server.log().expectMatch(R"(\[TRC\] 127.* - <-> \[DELSUB 1\])");
        server.log().expectMatch(R"(\[TRC\] 127.* - <-> \[DELSUB b\])");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UnsubscribeTest);

}  // namespace gnatsd::tests
