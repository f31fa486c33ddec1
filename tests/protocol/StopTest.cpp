// The end of the server, as clients see it.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace gnatsd::tests {

using namespace std::chrono_literals;

class StopTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StopTest);
    CPPUNIT_TEST(connectionsEndWithoutAnError);
    CPPUNIT_TEST(queuedOutputStillGoesOut);
    CPPUNIT_TEST(clientThatNeverReadsDoesNotHoldTheServer);
    CPPUNIT_TEST(portIsFreeAfterwards);
    CPPUNIT_TEST(stoppingTwiceIsFine);
    CPPUNIT_TEST(serverStopsWhileClientsPublish);
    CPPUNIT_TEST(twoServersLiveSideBySide);
    CPPUNIT_TEST_SUITE_END();

    // CP-156
    void connectionsEndWithoutAnError() {
        TestServer server;
        std::vector<TestClient> clients;
        for (int i = 0; i < 10; ++i) {
            clients.emplace_back(server).connect();
            clients.back().ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        }
        TestClient fresh(server);

        auto stopping = std::async(std::launch::async, [&] { server.stop(); });
        fresh.expectClosed();
        for (TestClient& client : clients) {
            client.expectClosed();
            client.close();
        }
        fresh.close();
        stopping.get();

        CPPUNIT_ASSERT_EQUAL(std::size_t{11},
                             server.log().count("Client connection closed: Server Shutdown"));
    }

    // CP-156
    void queuedOutputStillGoesOut() {
        TestServer server;
        TestClient client(server, TestClient::Socket{4096});
        client.connect();
        client.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();
        const std::string framed = "100000\r\n" + std::string(100'000, 'x') + "\r\n";
        std::string expected;
        for (int i = 0; i < 80; ++i) {
            publisher.send("PUB foo " + framed);
            expected += "MSG foo 1 " + framed;
        }
        publisher.ask("PING\r\n", "PONG\r\n");  // all of it is queued now
        client.expect("MSG foo 1 1");

        auto stopping = std::async(std::launch::async, [&] { server.stop(); });
        CPPUNIT_ASSERT_EQUAL(expected.substr(11), client.untilClosed());
        client.close();
        stopping.get();
    }

    void clientThatNeverReadsDoesNotHoldTheServer() {
        TestServer server;
        TestClient client(server, TestClient::Socket{4096});
        client.connect();
        client.send("SUB foo 1\r\n");
        const std::string publish = "PUB foo 100000\r\n" + std::string(100'000, 'x') + "\r\n";
        for (int i = 0; i < 100; ++i) {
            client.send(publish);
        }
        const auto begin = std::chrono::steady_clock::now();

        server.stop();

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin < 5s);
    }

    void portIsFreeAfterwards() {
        TestServer server;
        const std::uint16_t port = server.port();
        server.stop();

        ServerSetup setup;
        setup.listen = {{"127.0.0.1", port}};
        TestServer next(setup);
        CPPUNIT_ASSERT_EQUAL(port, next.port());
        TestClient client(next);
        client.ask("PING\r\n", "PONG\r\n");
    }

    void stoppingTwiceIsFine() {
        TestServer server;
        server.stop();
        server.stop();
    }

    void serverStopsWhileClientsPublish() {
        for (int round = 0; round < 5; ++round) {
            TestServer server;
            std::vector<TestClient> clients;
            for (int i = 0; i < 6; ++i) {
                clients.emplace_back(server).connect();
                clients.back().ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
            }
            std::string batch;
            for (int i = 0; i < 1000; ++i) {
                batch += "PUB foo 10\r\n0123456789\r\n";
            }
            for (TestClient& client : clients) {
                client.send(batch);
            }

            auto stopping = std::async(std::launch::async, [&] { server.stop(); });
            for (TestClient& client : clients) {
                const std::string got = client.untilClosed();
                CPPUNIT_ASSERT(got.find("-ERR") == std::string::npos);
                client.close();
            }
            stopping.get();
        }
    }

    void twoServersLiveSideBySide() {
        TestServer one;
        TestServer two;
        TestClient first(one);
        first.connect();
        first.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient second(two);
        second.connect();

        second.send("PUB foo 1\r\nx\r\n");
        second.expectNothing();
        first.expectNothing();
        CPPUNIT_ASSERT(one.port() != two.port());
        CPPUNIT_ASSERT(first.info() != second.info());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StopTest);

}  // namespace gnatsd::tests
