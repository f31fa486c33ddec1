// Section 9 and echo: who gets a message, in which order, and when.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

class DeliveryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeliveryTest);
    CPPUNIT_TEST(everyMatchingSubscriptionGetsItsCopy);
    CPPUNIT_TEST(messageNamesThePublishedSubject);
    CPPUNIT_TEST(messagesOfOnePublisherKeepTheirOrder);
    CPPUNIT_TEST(orderHoldsForMessagesOfAllSizes);
    CPPUNIT_TEST(pongComesBehindOwnMessages);
    CPPUNIT_TEST(flushOfASubscriberSeesWhatAPublisherHasFlushed);
    CPPUNIT_TEST(messagesAreWrittenWithoutWaitingForMoreInput);
    CPPUNIT_TEST(nothingIsStored);
    CPPUNIT_TEST(echoOffKeepsOwnMessagesAway);
    CPPUNIT_TEST(echoOffIsPerConnection);
    CPPUNIT_TEST(largePayloadGoesToManyReceivers);
    CPPUNIT_TEST(largePayloadsWaitForASlowReader);
    CPPUNIT_TEST(manyConnectionsGetAll);
    CPPUNIT_TEST_SUITE_END();

    static std::string numbered(std::string_view verb, int count) {
        std::string text;
        for (int i = 0; i < count; ++i) {
            const std::string payload = std::to_string(i);
            text.append(verb).append(std::to_string(payload.size())).append("\r\n");
            text.append(payload).append("\r\n");
        }
        return text;
    }

    // CP-140
    void everyMatchingSubscriptionGetsItsCopy() {
        TestServer server;
        TestClient other(server);
        other.connect();
        other.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient client(server);
        client.connect();
        client.send("SUB foo a\r\nSUB foo b\r\nSUB * c\r\nSUB > d\r\nSUB bar e\r\n");

        client.send("PUB foo 1\r\nx\r\n");

        std::string sids;
        for (int i = 0; i < 4; ++i) {
            sids += client.expectLine("MSG foo [abcd] 1").at(8);
            client.expect("x\r\n");
        }
        for (const char sid : {'a', 'b', 'c', 'd'}) {
            CPPUNIT_ASSERT_MESSAGE(sids, sids.find(sid) != std::string::npos);
        }
        client.expectNothing();
        other.expect("MSG foo 1 1\r\nx\r\n");
    }

    // CP-80
    void messageNamesThePublishedSubject() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.send("SUB foo.*.> 1\r\n");
        client.ask("PUB foo.a.b.c 1\r\nx\r\n", "MSG foo.a.b.c 1 1\r\nx\r\n");
    }

    // CP-144
    void messagesOfOnePublisherKeepTheirOrder() {
        constexpr int kCount = 20'000;
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();

        publisher.send(numbered("PUB foo ", kCount));
        subscriber.expect(numbered("MSG foo 1 ", kCount));
        subscriber.expectNothing();
    }

    // CP-144: large payloads go another way through the server than small ones
    void orderHoldsForMessagesOfAllSizes() {
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();
        std::string sent;
        std::string expected;
        unsigned size = 1;
        for (int i = 0; i < 300; ++i) {
            size = (size * 7U + static_cast<unsigned>(i)) % 70'001U;
            const std::string framed = std::to_string(size) + "\r\n" +
                                       std::string(size, static_cast<char>('a' + i % 26)) + "\r\n";
            sent += "PUB foo " + framed;
            expected += "MSG foo 1 " + framed;
        }

        publisher.send(sent);
        subscriber.expect(expected);
        subscriber.expectNothing();
    }

    // CP-91
    void pongComesBehindOwnMessages() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo 1\r\n");

        for (int i = 0; i < 50; ++i) {
            client.ask(numbered("PUB foo ", 20) + "PUB .. 0\r\n\r\nSUB .. 2\r\nPING\r\n",
                       numbered("MSG foo 1 ", 20) + "-ERR 'Invalid Subject'\r\nPONG\r\n");
        }
    }

    // CP-91, CP-147: what a publisher's PONG covers comes before the PONG of a later PING
    void flushOfASubscriberSeesWhatAPublisherHasFlushed() {
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();

        for (int i = 0; i < 1000; ++i) {
            publisher.ask("PUB foo 1\r\nx\r\nPING\r\n", "PONG\r\n");
            subscriber.ask("PING\r\n", "MSG foo 1 1\r\nx\r\nPONG\r\n");
        }
    }

    // CP-147
    void messagesAreWrittenWithoutWaitingForMoreInput() {
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();

        for (int i = 0; i < 200; ++i) {
            publisher.send("PUB foo 1\r\nx\r\n");
            subscriber.expect("MSG foo 1 1\r\nx\r\n");
        }
        publisher.send("PUB foo 1\r\ny\r\nPUB foo 100\r\n");
        subscriber.expect("MSG foo 1 1\r\ny\r\n");
    }

    // CP-146
    void nothingIsStored() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.send("PUB foo 1\r\nx\r\nSUB foo 1\r\n");
        client.expectNothing();
    }

    // CP-103
    void echoOffKeepsOwnMessagesAway() {
        TestServer server;
        TestClient other(server);
        other.connect();
        other.ask("SUB > 1\r\nPING\r\n", "PONG\r\n");
        TestClient client(server);
        client.connect(R"(,"echo":false)");

        client.send("SUB foo 1\r\nSUB foo q 2\r\nUNSUB 1 1\r\nPUB foo 1\r\nx\r\n");
        client.expectNothing();
        other.expect("MSG foo 1 1\r\nx\r\n");
        other.ask("PUB foo 1\r\ny\r\n", "MSG foo 1 1\r\ny\r\n");
        client.expect("MSG foo 1 1\r\ny\r\nMSG foo 2 1\r\ny\r\n");
    }

    // CP-103
    void echoOffIsPerConnection() {
        TestServer server;
        TestClient quiet(server);
        quiet.connect(R"(,"echo":false)");
        quiet.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient loud(server);
        loud.connect(R"(,"echo":true)");
        loud.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");

        loud.ask("PUB foo 1\r\nx\r\n", "MSG foo 1 1\r\nx\r\n");
        quiet.expect("MSG foo 1 1\r\nx\r\n");
        quiet.send("PUB foo 1\r\ny\r\n");
        loud.expect("MSG foo 1 1\r\ny\r\n");
        quiet.expectNothing();
    }

    // CP-140: the receivers share the bytes of a large payload
    void largePayloadGoesToManyReceivers() {
        TestServer server;
        std::vector<TestClient> receivers;
        for (int i = 0; i < 10; ++i) {
            receivers.emplace_back(server).connect();
            receivers.back().ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        }
        TestClient publisher(server);
        publisher.connect();
        std::string payload;
        while (payload.size() < 1024 * 1024) {
            payload += std::to_string(payload.size()) + ' ';
        }
        payload.resize(1024 * 1024);

        publisher.send("PUB foo 1048576\r\n" + payload + "\r\nPUB foo 1\r\nx\r\n");

        for (TestClient& receiver : receivers) {
            receiver.expect("MSG foo 1 1048576\r\n" + payload + "\r\nMSG foo 1 1\r\nx\r\n");
        }
    }

    // CP-144: the server reads on while output waits, and mixes nothing up
    void largePayloadsWaitForASlowReader() {
        TestServer server;
        TestClient slow(server, TestClient::Socket{4096});
        slow.connect();
        slow.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();
        std::string expected;
        for (int i = 0; i < 100; ++i) {
            const std::string payload(100'000, static_cast<char>('A' + i % 26));
            publisher.send("PUB foo 100000\r\n" + payload + "\r\nPUB foo 3\r\nabc\r\n");
            expected += "MSG foo 1 100000\r\n" + payload + "\r\nMSG foo 1 3\r\nabc\r\n";
        }
        publisher.expectNothing();

        slow.expect(expected);
        slow.expectNothing();
    }

    // CP-140
    void manyConnectionsGetAll() {
        TestServer server;
        std::vector<TestClient> clients;
        for (int i = 0; i < 100; ++i) {
            clients.emplace_back(server).connect();
            clients.back().ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        }
        std::string expected;
        for (TestClient& client : clients) {
            client.send("PUB foo 1\r\nx\r\n");
            expected += "MSG foo 1 1\r\nx\r\n";
        }
        for (TestClient& client : clients) {
            client.expect(expected);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeliveryTest);

}  // namespace gnatsd::tests
