// Section 7: PING, PONG, and what else a client may say.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>

namespace gnatsd::tests {

using namespace std::chrono_literals;

class PingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PingTest);
    CPPUNIT_TEST(pingIsAnsweredAtOnceAndNeverWithOk);
    CPPUNIT_TEST(silentClientIsPingedAndThenClosed);
    CPPUNIT_TEST(answeredPingsKeepAConnection);
    CPPUNIT_TEST(pongClearsTheCount);
    CPPUNIT_TEST(trafficPutsThePingOff);
    CPPUNIT_TEST(unpromptedPongsAreAccepted);
    CPPUNIT_TEST(okAndInfoFromAClientAreIgnored);
    CPPUNIT_TEST(badInfoFromAClientCloses);
    CPPUNIT_TEST(errorFromAClientCloses);
    CPPUNIT_TEST_SUITE_END();

    static ServerSetup every(std::chrono::milliseconds interval, std::uint32_t max = 2) {
        return limited([&](kernel::Limits& limits) {
            limits.pingInterval = interval;
            limits.pingMax = max;
        });
    }

    // CP-90, CP-100
    void pingIsAnsweredAtOnceAndNeverWithOk() {
        TestServer server;
        TestClient client(server);

        client.ask("PING\r\n", "PONG\r\n");
        client.ask("CONNECT {\"verbose\":true}\r\nPING\r\nPING\r\n", "+OK\r\nPONG\r\nPONG\r\n");
    }

    // CP-94, CP-219, LOG-117, LOG-118
    void silentClientIsPingedAndThenClosed() {
        TestServer server(every(100ms));
        TestClient client(server);
        const auto begin = std::chrono::steady_clock::now();

        client.expect("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
        client.expectClosed();

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin >= 300ms);
        server.log().expect("Client Ping Timer");
        server.log().expect("Stale Client Connection - Closing");
        server.log().expect("Client connection closed: Stale Connection");
    }

    // CP-94
    void answeredPingsKeepAConnection() {
        TestServer server(every(100ms, 1));
        TestClient client(server);

        for (int i = 0; i < 4; ++i) {
            client.expect("PING\r\n");
            client.send("PONG\r\n");
        }
        client.ask("SUB foo 1\r\n", "+OK\r\n");
    }

    // CP-93
    void pongClearsTheCount() {
        TestServer server(every(100ms));
        TestClient client(server);

        client.expect("PING\r\nPING\r\n");
        client.send("PONG\r\n");
        client.expect("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
        client.expectClosed();
    }

    // CP-94
    void trafficPutsThePingOff() {
        TestServer server(every(300ms));
        TestClient client(server);
        const auto begin = std::chrono::steady_clock::now();

        while (std::chrono::steady_clock::now() - begin < 900ms) {
            client.ask("PING\r\n", "PONG\r\n");
        }
        client.expect("PING\r\n");
    }

    // CP-93
    void unpromptedPongsAreAccepted() {
        TestServer server;
        TestClient client(server);

        client.send("PONG\r\nPONG\r\nPONG\r\n");
        client.ask("SUB foo 1\r\nPONG\r\n", "+OK\r\n");
        client.expectNothing();
    }

    // CP-95
    void okAndInfoFromAClientAreIgnored() {
        TestServer server;
        TestClient client(server);

        client.send(
            "+OK\r\n+ok\r\nINFO {\"server_id\":\"x\",\"port\":4222,\"tls_verify\":true}\r\n");
        client.expectNothing();
    }

    // CP-95
    void badInfoFromAClientCloses() {
        TestServer server;
        TestClient client(server);

        client.ask("INFO {\"server_id\":\r\nPING\r\n", "-ERR 'Parser Error'\r\n");
        client.expectClosed();
        server.log().expect("Client connection closed: Protocol Violation");
    }

    // CP-95, CP-240, LOG-123
    void errorFromAClientCloses() {
        TestServer server;
        TestClient client(server);

        client.send("-ERR 'I \"am\"\x01 leaving'\r\nPING\r\n");
        client.expectClosed();
        server.log().expectMatch(R"(\[ERR\] .* - Client Error 'I \\"am\\"\\x01 leaving')");
        server.log().expect("Client connection closed: Parse Error");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PingTest);

}  // namespace gnatsd::tests
