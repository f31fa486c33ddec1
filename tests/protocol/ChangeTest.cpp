// What changes while clients are connected: limits, INFO, and the goodbye of the server.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace gnatsd::tests {

using kernel::Limits;
using namespace std::chrono_literals;

namespace {

constexpr const char* kModern = R"(,"protocol":1)";

/// What a reload does with limits, without the file.
template <class Change>
void change(TestServer& server, Change apply) {
    kernel::Broker& broker = server.server().broker();
    Limits limits = broker.limits();
    apply(limits);
    broker.setLimits(limits);
    server.server().reactors().announceChange();
}

void rename(TestServer& server, const std::string& host) {
    server.server().broker().setAdvertised(kernel::ClientAddress{host, 4333});
    server.server().reactors().announceChange();
}

ServerSetup quickGoodbye() {
    ServerSetup setup;
    setup.lameDuckGracePeriod = 50ms;
    setup.lameDuckDuration = 30s;
    return setup;
}

}  // namespace

class ChangeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ChangeTest);
    CPPUNIT_TEST(modernClientsHearOfAChange);
    CPPUNIT_TEST(otherClientsDoNot);
    CPPUNIT_TEST(changeBeforeTheFirstPongIsHeldBack);
    CPPUNIT_TEST(newPayloadLimitHoldsForOpenConnections);
    CPPUNIT_TEST(newLineLimitHoldsForOpenConnections);
    CPPUNIT_TEST(shorterPingIntervalHoldsAtOnce);
    CPPUNIT_TEST(lameDuckRefusesNewClientsAndTellsTheOthers);
    CPPUNIT_TEST(lameDuckServesUntilItClosesOneByOne);
    CPPUNIT_TEST(lameDuckWithoutClientsIsOverAtOnce);
    CPPUNIT_TEST(clientsThatLeaveAreNotWaitedFor);
    CPPUNIT_TEST(stopEndsALameDuck);
    CPPUNIT_TEST_SUITE_END();

    // CP-152
    void modernClientsHearOfAChange() {
        TestServer server;
        TestClient client(server);
        client.connect(kModern);

        rename(server, "there");

        client.expectLine(R"(INFO \{.*"host":"there","port":4333,.*)");
        client.expectNothing();
        TestClient later(server);
        CPPUNIT_ASSERT(later.info().find(R"("host":"there")") != std::string::npos);
    }

    // CP-152
    void otherClientsDoNot() {
        TestServer server;
        TestClient client(server);
        client.connect(R"(,"protocol":0)");
        TestClient modern(server);
        modern.connect(kModern);

        rename(server, "there");

        modern.expectLine("INFO .*");
        client.expectNothing();
    }

    // CP-153
    void changeBeforeTheFirstPongIsHeldBack() {
        TestServer server;
        TestClient first(server);
        first.connect(kModern);
        TestClient client(server);
        client.send(R"(CONNECT {"verbose":true,"protocol":1})"
                    "\r\n");
        client.expect("+OK\r\n");

        rename(server, "there");
        first.expectLine("INFO .*");

        client.ask("PING\r\n", "PONG\r\n");
        client.expectLine(R"(INFO .*"there".*)");
        client.ask("PING\r\n", "PONG\r\n");
    }

    // OPT-217
    void newPayloadLimitHoldsForOpenConnections() {
        TestServer server;
        TestClient client(server);
        client.connect(kModern);

        change(server, [](Limits& limits) { limits.maxPayload = 10; });

        client.expectLine(R"(INFO .*"max_payload":10,.*)");
        client.ask("PUB a 10\r\n0123456789\r\nPING\r\n", "PONG\r\n");
        client.ask("PUB a 11\r\n0123456789x\r\n", "-ERR 'Maximum Payload Violation'\r\n");
        client.expectClosed();
    }

    // OPT-217
    void newLineLimitHoldsForOpenConnections() {
        TestServer server;
        TestClient client(server);
        client.connect(kModern);
        TestClient witness(server);
        witness.connect(kModern);

        change(server, [](Limits& limits) {
            limits.maxControlLine = 20;
            limits.maxPayload = 5;  // so that INFO says when it holds
        });

        client.expectLine("INFO .*");
        client.ask("SUB " + std::string(20, 'a') + " 1\r\n",
                   "-ERR 'maximum control line exceeded'\r\n");
        client.expectClosed();
    }

    // OPT-218
    void shorterPingIntervalHoldsAtOnce() {
        TestServer server;
        TestClient client(server);
        client.connect(kModern);

        change(server, [](Limits& limits) { limits.pingInterval = 20ms; });

        client.expect("PING\r\n");
    }

    // CP-155, CLI-86
    void lameDuckRefusesNewClientsAndTellsTheOthers() {
        TestServer server;
        TestClient client(server);
        client.connect(kModern);

        server.server().enterLameDuck([] {});

        client.expectLine(R"(INFO .*"ldm":true.*)");
        server.log().expect("[INF] Entering lame duck mode, stop accepting new clients");
        const Where where;
        bool refused = false;
        try {
            TestClient late(server, where);
        } catch (const CppUnit::Exception&) {
            refused = true;
        }
        CPPUNIT_ASSERT(refused);
        client.ask("SUB a 1\r\nPUB a 2\r\nok\r\n", "MSG a 1 2\r\nok\r\n");
    }

    // CLI-86
    void lameDuckServesUntilItClosesOneByOne() {
        TestServer server(quickGoodbye());
        std::vector<TestClient> clients;
        for (int i = 0; i < 4; ++i) {
            clients.emplace_back(server).connect(kModern);
        }
        std::promise<void> done;

        server.server().enterLameDuck([&done] { done.set_value(); });

        for (TestClient& client : clients) {
            client.expectLine(R"(INFO .*"ldm":true.*)");
            client.expectClosed();
        }
        CPPUNIT_ASSERT(done.get_future().wait_for(20s) == std::future_status::ready);
        server.log().expect("[INF] Closing existing clients");
        server.log().expect("Client connection closed: Server Shutdown");
    }

    void lameDuckWithoutClientsIsOverAtOnce() {
        TestServer server;
        std::promise<void> done;

        server.server().enterLameDuck([&done] { done.set_value(); });

        CPPUNIT_ASSERT(done.get_future().wait_for(5s) == std::future_status::ready);
    }

    void clientsThatLeaveAreNotWaitedFor() {
        TestServer server;
        std::promise<void> done;
        {
            TestClient client(server);
            client.connect(kModern);
            server.server().enterLameDuck([&done] { done.set_value(); });
            client.expectLine("INFO .*");
        }
        CPPUNIT_ASSERT(done.get_future().wait_for(5s) == std::future_status::ready);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, server.log().count("Closing existing clients"));
    }

    void stopEndsALameDuck() {
        TestServer server;
        TestClient client(server);
        client.connect(kModern);
        bool done = false;
        server.server().enterLameDuck([&done] { done = true; });

        server.stop();

        CPPUNIT_ASSERT(!done);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ChangeTest);

}  // namespace gnatsd::tests
