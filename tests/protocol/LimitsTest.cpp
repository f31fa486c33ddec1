// Section 11: limits on lines, connections and subscriptions. Of output: SlowConsumerTest.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

using kernel::Limits;

namespace {

constexpr std::string_view kTooLong = "-ERR 'maximum control line exceeded'\r\n";

std::string text(std::size_t size) {
    return std::string(size, 'a');
}

}  // namespace

class LimitsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LimitsTest);
    CPPUNIT_TEST(argumentsOfTheLimitPassAndOneByteMoreDoesNot);
    CPPUNIT_TEST(limitHoldsForEveryOperation);
    CPPUNIT_TEST(limitHoldsForALineThatDoesNotEnd);
    CPPUNIT_TEST(limitIsTheSameHoweverBytesArrive);
    CPPUNIT_TEST(defaultLimitTakesALongConnect);
    CPPUNIT_TEST(connectionsBeyondTheLimitAreRefused);
    CPPUNIT_TEST(closedConnectionMakesRoom);
    CPPUNIT_TEST(subscriptionsBeyondTheLimitAreRefused);
    CPPUNIT_TEST(unsubMakesRoomForASubscription);
    CPPUNIT_TEST(lastMessageMakesRoomForASubscription);
    CPPUNIT_TEST(tokensBeyondTheLimitAreRefused);
    CPPUNIT_TEST(checksOfASubscriptionHaveAnOrder);
    CPPUNIT_TEST_SUITE_END();

    static ServerSetup lineOf64() {
        return limited([](Limits& limits) { limits.maxControlLine = 64; });
    }

    // CP-161
    void argumentsOfTheLimitPassAndOneByteMoreDoesNot() {
        TestServer server(lineOf64());
        TestClient client(server);

        client.ask("SUB " + text(62) + " 1\r\n", "+OK\r\n");
        client.ask("SUB   \t " + text(61) + "b 2\n", "+OK\r\n");
        client.ask("PUB " + text(62) + " 0\r\n\r\nUNSUB 2\r\n",
                   "+OK\r\nMSG " + text(62) + " 1 0\r\n\r\n+OK\r\n");
        client.ask("SUB " + text(63) + " 1\r\n", kTooLong);
        client.expectClosed();
        server.log().expectMatch(
            R"(\[ERR\] .* - maximum control line exceeded: .*max_control_line 64, .*)");
        server.log().expect("Client connection closed: Maximum Control Line Exceeded");
    }

    // CP-161
    void limitHoldsForEveryOperation() {
        TestServer server(lineOf64());

        for (const std::string& line :
             {"CONNECT {\"name\":\"" + text(54) + "\"}\r\n", "PUB " + text(63) + " 0\r\n\r\n",
              "PUB " + text(30) + " " + text(32) + " 0\r\n\r\n", "UNSUB " + text(65) + "\r\n",
              "UNSUB " + text(63) + " 1\r\n", "INFO {\"x\":\"" + text(57) + "\"}\r\n",
              "-ERR " + text(65) + "\r\n", "SUB a" + std::string(63, ' ') + "1\r\n"}) {
            TestClient client(server);
            client.ask(line, kTooLong);
            client.expectClosed();
        }
        TestClient client(server);
        client.ask("CONNECT {\"name\":\"" + text(53) + "\"}\r\n", "+OK\r\n");
        client.ask("UNSUB " + text(64) + "\r\n", "+OK\r\n");
    }

    // CP-161
    void limitHoldsForALineThatDoesNotEnd() {
        TestServer server(lineOf64());

        for (const std::string& line : {"SUB " + text(65), "PUB " + text(320),
                                        "CONNECT {" + text(64), "PUB a 1" + text(64)}) {
            TestClient client(server);
            client.ask(line, kTooLong);
            client.expectClosed();
        }
    }

    // CP-10, CP-161
    void limitIsTheSameHoweverBytesArrive() {
        TestServer server(lineOf64());
        const std::string good = "SUB " + text(62) + " 1\r\n";
        const std::string bad = "SUB " + text(63) + " 1\r\n";

        for (std::size_t cut = 1; cut < good.size(); ++cut) {
            TestClient fits(server);
            fits.send(good.substr(0, cut));
            fits.ask(good.substr(cut), "+OK\r\n");
            TestClient exceeds(server);
            exceeds.send(bad.substr(0, cut));
            exceeds.trySend(bad.substr(cut));
            exceeds.expect(kTooLong);
            exceeds.expectClosed();
        }
    }

    // CP-160
    void defaultLimitTakesALongConnect() {
        TestServer server;
        TestClient client(server);

        client.ask("CONNECT {\"jwt\":\"" + text(4096 - 10) + "\"}\r\n", "+OK\r\n");
        client.ask("CONNECT {\"jwt\":\"" + text(4096 - 9) + "\"}\r\n", kTooLong);
        client.expectClosed();
    }

    // CP-164, CP-208, LOG-116
    void connectionsBeyondTheLimitAreRefused() {
        TestServer server(limited([](Limits& limits) { limits.maxConnections = 2; }));
        TestClient first(server);
        TestClient second(server);

        TestClient third(server);
        third.expect("-ERR 'maximum connections exceeded'\r\n");
        third.expectClosed();

        first.ask("PING\r\n", "PONG\r\n");
        second.ask("PING\r\n", "PONG\r\n");
        server.log().expectMatch(R"(\[ERR\] .*cid:3 - maximum connections exceeded)");
        server.log().expect("cid:3 - Client connection closed: Maximum Connections Exceeded");
    }

    // CP-164
    void closedConnectionMakesRoom() {
        TestServer server(limited([](Limits& limits) { limits.maxConnections = 1; }));
        {
            TestClient first(server);
            TestClient refused(server);
            refused.expect("-ERR 'maximum connections exceeded'\r\n");
            refused.expectClosed();
            first.ask("PING\r\n", "PONG\r\n");
        }
        server.log().expect("cid:1 - Client connection closed");

        TestClient next(server);
        next.ask("PING\r\n", "PONG\r\n");
    }

    // CP-170, CP-210, LOG-116
    void subscriptionsBeyondTheLimitAreRefused() {
        TestServer server(limited([](Limits& limits) { limits.maxSubscriptions = 2; }));
        TestClient client(server);
        TestClient other(server);

        client.ask("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\nPUB c 0\r\n\r\nPING\r\n",
                   "+OK\r\n+OK\r\n-ERR 'maximum subscriptions exceeded'\r\n+OK\r\nPONG\r\n");
        other.ask("SUB c 1\r\n", "+OK\r\n");
        server.log().expectMatch(R"(\[ERR\] .*cid:1 - maximum subscriptions exceeded)");
    }

    // CP-170
    void unsubMakesRoomForASubscription() {
        TestServer server(limited([](Limits& limits) { limits.maxSubscriptions = 1; }));
        TestClient client(server);

        client.ask("SUB a 1\r\nUNSUB 1\r\nSUB b 2\r\nPUB b 1\r\nx\r\n",
                   "+OK\r\n+OK\r\n+OK\r\n+OK\r\nMSG b 2 1\r\nx\r\n");
    }

    // CP-10, CP-170: also when the last message came in the same segment
    void lastMessageMakesRoomForASubscription() {
        TestServer server(limited([](Limits& limits) { limits.maxSubscriptions = 1; }));
        TestClient client(server);
        client.connect();

        client.ask("SUB a 1\r\nUNSUB 1 1\r\nPUB a 1\r\nx\r\nSUB b 2\r\nPUB b 1\r\ny\r\n",
                   "MSG a 1 1\r\nx\r\nMSG b 2 1\r\ny\r\n");
    }

    // CP-171, CP-216
    void tokensBeyondTheLimitAreRefused() {
        TestServer server(limited([](Limits& limits) { limits.maxSubscriptionTokens = 3; }));
        TestClient client(server);

        client.ask("SUB a.b.c 1\r\nSUB a.*.> 2\r\n", "+OK\r\n+OK\r\n");
        client.ask(
            "SUB a.b.c.d q 3\r\n",
            "-ERR 'Permissions Violation for Subscription to \"a.b.c.d\", too many tokens'\r\n");
        client.ask("PUB a.b.c.d 0\r\n\r\n", "+OK\r\nMSG a.b.c.d 2 0\r\n\r\n");
    }

    // CP-65
    void checksOfASubscriptionHaveAnOrder() {
        TestServer server(limited([](Limits& limits) {
            limits.maxSubscriptions = 1;
            limits.maxSubscriptionTokens = 3;
        }));
        TestClient client(server);

        client.ask("SUB a 1\r\n", "+OK\r\n");
        client.ask(
            "SUB a..c.d 1\r\n",
            "-ERR 'Permissions Violation for Subscription to \"a..c.d\", too many tokens'\r\n");
        client.ask("SUB a 1\r\n", "-ERR 'maximum subscriptions exceeded'\r\n");
        client.ask("SUB a..b 2\r\n", "-ERR 'maximum subscriptions exceeded'\r\n");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitsTest);

}  // namespace gnatsd::tests
