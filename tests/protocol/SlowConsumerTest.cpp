// Section 11: clients that do not read (CP-166, CP-168), and what they must not do to others.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <string_view>

namespace gnatsd::tests {

using namespace std::chrono_literals;
using kernel::Limits;

namespace {

constexpr TestClient::Socket kSmall{4096};

TestClient subscriber(const TestServer& server, TestClient::Socket socket = {}) {
    TestClient client(server, socket);
    client.connect();
    client.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
    return client;
}

const std::string& payload() {
    static const std::string bytes(100'000, 'x');
    return bytes;
}

std::string publish() {
    return "PUB foo 100000\r\n" + payload() + "\r\n";
}

std::string message() {
    return "MSG foo 1 100000\r\n" + payload() + "\r\n";
}

}  // namespace

class SlowConsumerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SlowConsumerTest);
    CPPUNIT_TEST(whoDoesNotReadIsClosedAtTheLimit);
    CPPUNIT_TEST(smallMessagesCountAsWell);
    CPPUNIT_TEST(othersGetEverything);
    CPPUNIT_TEST(ownAnswersCountAsWell);
    CPPUNIT_TEST(messagesToOneselfCountAsWell);
    CPPUNIT_TEST(belowTheLimitNothingIsLost);
    CPPUNIT_TEST(writeWithoutProgressIsClosedAtTheDeadline);
    CPPUNIT_TEST(slowProgressIsProgress);
    CPPUNIT_TEST(errorWaitsForASlowReader);
    CPPUNIT_TEST_SUITE_END();

    static ServerSetup pending(std::size_t bytes) {
        return limited([=](Limits& limits) { limits.maxPending = bytes; });
    }

    static void expectSlow(TestServer& server, int cid, Where where = {}) {
        const std::string id = "cid:" + std::to_string(cid);
        server.log().expectMatch("\\[INF\\] 127\\.0\\.0\\.1:\\d+ - " + id +
                                     " - Slow Consumer Detected: MaxPending of \\d+ Exceeded",
                                 where);
        server.log().expect(id + " - Client connection closed: Slow Consumer (Pending Bytes)",
                            where);
    }

    // CP-166, CP-240, LOG-115
    void whoDoesNotReadIsClosedAtTheLimit() {
        TestServer server(pending(2'000'000));
        TestClient slow = subscriber(server, kSmall);
        TestClient publisher(server);
        publisher.connect();

        for (int i = 0; i < 150; ++i) {
            publisher.send(publish());
        }
        publisher.expectNothing();

        expectSlow(server, 1);
        server.log().expect("MaxPending of 2000000 Exceeded");
        const std::string got = slow.untilClosed();
        CPPUNIT_ASSERT(got.size() < 140 * message().size());
        CPPUNIT_ASSERT(got.find("-ERR") == std::string::npos);
    }

    // CP-166
    void smallMessagesCountAsWell() {
        TestServer server(pending(1'100'000));
        TestClient slow = subscriber(server, kSmall);
        TestClient publisher(server);
        publisher.connect();
        std::string batch;
        while (batch.size() < 100'000) {
            batch += "PUB foo 16\r\n0123456789abcdef\r\n";
        }

        while (server.log().count("MaxPending of 1100000 Exceeded") == 0) {
            publisher.send(batch);
            publisher.expectNothing();
        }

        expectSlow(server, 1);
    }

    // CP-166
    void othersGetEverything() {
        TestServer server(pending(4'000'000));
        TestClient slow = subscriber(server, kSmall);
        TestClient fast = subscriber(server);
        TestClient publisher(server);
        publisher.connect();

        for (int i = 0; i < 150; ++i) {
            publisher.send(publish());
            fast.expect(message());
        }

        expectSlow(server, 1);
        fast.expectNothing();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.log().count("Slow Consumer Detected"));
    }

    // CP-166
    void ownAnswersCountAsWell() {
        TestServer server(pending(1'100'000));
        TestClient slow(server, kSmall);
        std::string pings;
        while (pings.size() < 600'000) {
            pings += "PING\r\n";
        }

        while (slow.trySend(pings)) {
        }

        expectSlow(server, 1);
    }

    // CP-166
    void messagesToOneselfCountAsWell() {
        TestServer server(pending(2'000'000));
        TestClient slow = subscriber(server, kSmall);

        while (slow.trySend(publish())) {
        }

        expectSlow(server, 1);
    }

    // CP-166
    void belowTheLimitNothingIsLost() {
        TestServer server(pending(20'000'000));
        TestClient slow = subscriber(server, kSmall);
        TestClient publisher(server);
        publisher.connect();
        std::string expected;
        for (int i = 0; i < 150; ++i) {
            publisher.send(publish());
            expected += message();
        }
        publisher.expectNothing();

        slow.expect(expected);
        slow.expectNothing();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, server.log().count("Slow Consumer"));
    }

    // CP-168, CP-240, LOG-114
    void writeWithoutProgressIsClosedAtTheDeadline() {
        TestServer server(limited([](Limits& limits) { limits.writeDeadline = 300ms; }));
        TestClient slow = subscriber(server, kSmall);
        TestClient publisher(server);
        publisher.connect();
        const auto begin = std::chrono::steady_clock::now();

        for (int i = 0; i < 150; ++i) {
            publisher.send(publish());
        }
        server.log().expectMatch(R"(\[INF\] .*cid:1 - Slow Consumer Detected: WriteDeadline of )"
                                 R"(300ms exceeded with \d+ chunks of \d+ total bytes\.)");

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin >= 300ms);
        server.log().expect("cid:1 - Client connection closed: Slow Consumer (Write Deadline)");
        publisher.expectNothing();
        CPPUNIT_ASSERT(slow.untilClosed().find("-ERR") == std::string::npos);
    }

    // CP-168: the deadline is for one write, not for all that waits
    void slowProgressIsProgress() {
        TestServer server(limited([](Limits& limits) { limits.writeDeadline = 400ms; }));
        TestClient slow = subscriber(server, kSmall);
        TestClient publisher(server);
        publisher.connect();
        for (int i = 0; i < 100; ++i) {
            publisher.send(publish());
        }
        publisher.expectNothing();

        TestClient other(server);
        auto until = std::chrono::steady_clock::now();
        for (int i = 0; i < 10; ++i) {
            slow.bytes(10 * message().size());
            // Takes its time, and sees that others are served.
            for (until += 120ms; std::chrono::steady_clock::now() < until;) {
                other.ask("PING\r\n", "PONG\r\n");
            }
        }
        slow.expectNothing();
    }

    // CP-230: the end of a connection waits for what is queued, but not for ever
    void errorWaitsForASlowReader() {
        TestServer server;
        TestClient slow = subscriber(server, kSmall);
        std::string expected;
        for (int i = 0; i < 100; ++i) {
            slow.send(publish());
            expected += message();
        }

        slow.send("ZZZ\r\n");
        server.log().expect("Client connection closed: Protocol Violation");

        // The kernel tells the server of progress in steps of a megabyte: on a busy machine a small
        // window needs more than the second that the end of a connection waits for one.
        slow.setReceiveBuffer(1'000'000);
        slow.expect(expected + "-ERR 'Unknown Protocol Operation'\r\n");
        slow.expectClosed();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SlowConsumerTest);

}  // namespace gnatsd::tests
