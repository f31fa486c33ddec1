// Section 10: the answer of the server when nobody is there to answer (CP-105).

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

namespace gnatsd::tests {

namespace {

constexpr std::string_view kStatus = "16 16\r\nNATS/1.0 503\r\n\r\n\r\n";

std::string status(std::string_view replyAndSid) {
    return "HMSG " + std::string(replyAndSid) + ' ' + std::string(kStatus);
}

TestClient requester(const TestServer& server, std::string_view more = {}) {
    TestClient client(server);
    client.connect(R"(,"headers":true,"no_responders":true)" + std::string(more));
    return client;
}

}  // namespace

class NoRespondersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NoRespondersTest);
    CPPUNIT_TEST(requestThatReachesNobodyIsAnswered);
    CPPUNIT_TEST(wildcardOfTheRequesterTakesTheAnswer);
    CPPUNIT_TEST(requestWithHeadersIsAnswered);
    CPPUNIT_TEST(oneSubscriptionTakesTheAnswer);
    CPPUNIT_TEST(whoDoesNotAskGetsNoAnswer);
    CPPUNIT_TEST(publishWithoutReplyIsNotAnswered);
    CPPUNIT_TEST(replyMustBeAnOwnPlainSubscription);
    CPPUNIT_TEST(deliveryToAnybodyIsEnough);
    CPPUNIT_TEST(refusedPublishIsNotAnswered);
    CPPUNIT_TEST(answerDoesNotCountForUnsub);
    CPPUNIT_TEST(ownSubscriptionWithoutEchoIsNobody);
    CPPUNIT_TEST_SUITE_END();

    void requestThatReachesNobodyIsAnswered() {
        TestServer server;
        TestClient client = requester(server);

        client.ask("SUB inbox 7\r\nPUB foo inbox 1\r\nx\r\n", status("inbox 7"));
        client.ask("PUB foo inbox 0\r\n\r\nPING\r\n", status("inbox 7") + "PONG\r\n");
    }

    void wildcardOfTheRequesterTakesTheAnswer() {
        TestServer server;
        TestClient client = requester(server);

        client.ask("SUB _INBOX.x.* 1\r\nPUB foo _INBOX.x.9 1\r\nx\r\n", status("_INBOX.x.9 1"));
    }

    void requestWithHeadersIsAnswered() {
        TestServer server;
        TestClient client = requester(server);

        client.ask("SUB inbox 1\r\nHPUB foo inbox 12 13\r\nNATS/1.0\r\n\r\n!\r\n",
                   status("inbox 1"));
    }

    void oneSubscriptionTakesTheAnswer() {
        TestServer server;
        TestClient client = requester(server);

        client.send("SUB r.* 1\r\nSUB r.a 2\r\nSUB r.a q 3\r\nPUB foo r.a 0\r\n\r\nPING\r\n");
        client.expectLine("HMSG r.a [12] 16 16");
        client.expect("NATS/1.0 503\r\n\r\n\r\nPONG\r\n");
    }

    void whoDoesNotAskGetsNoAnswer() {
        TestServer server;
        TestClient client(server);
        client.connect(R"(,"headers":true)");

        client.send("SUB inbox 1\r\nPUB foo inbox 1\r\nx\r\n");
        client.expectNothing();
    }

    void publishWithoutReplyIsNotAnswered() {
        TestServer server;
        TestClient client = requester(server);

        client.send("SUB bar 1\r\nPUB foo 1\r\nx\r\n");
        client.expectNothing();
    }

    void replyMustBeAnOwnPlainSubscription() {
        TestServer server;
        TestClient other(server);
        other.connect(R"(,"headers":true)");
        other.ask("SUB inbox 1\r\nPING\r\n", "PONG\r\n");
        TestClient client = requester(server);

        client.send("SUB inbox q 1\r\nPUB foo inbox 1\r\nx\r\n");
        client.expectNothing();
        other.expectNothing();
    }

    void deliveryToAnybodyIsEnough() {
        TestServer server;
        TestClient other(server);
        other.connect();
        other.ask("SUB foo q 1\r\nPING\r\n", "PONG\r\n");
        TestClient client = requester(server);
        client.send("SUB inbox 1\r\nPUB foo inbox 1\r\nx\r\n");

        other.expect("MSG foo 1 inbox 1\r\nx\r\n");
        client.expectNothing();
        client.ask("SUB bar 2\r\nPUB bar inbox 1\r\nx\r\nPING\r\n",
                   "MSG bar 2 inbox 1\r\nx\r\nPONG\r\n");
    }

    void refusedPublishIsNotAnswered() {
        TestServer server;
        TestClient client = requester(server);

        client.ask("SUB inbox 1\r\nPUB _SYS.x inbox 1\r\nx\r\nPING\r\n",
                   "-ERR 'Permissions Violation for Publish to \"_SYS.x\"'\r\nPONG\r\n");
    }

    void answerDoesNotCountForUnsub() {
        TestServer server;
        TestClient client = requester(server);

        client.ask(
            "SUB inbox 1\r\nUNSUB 1 1\r\nPUB foo inbox 0\r\n\r\nPUB foo inbox 0\r\n\r\n"
            "PUB inbox 1\r\nx\r\nPUB foo inbox 0\r\n\r\nPING\r\n",
            status("inbox 1") + status("inbox 1") + "MSG inbox 1 1\r\nx\r\nPONG\r\n");
    }

    // CP-103
    void ownSubscriptionWithoutEchoIsNobody() {
        TestServer server;
        TestClient client = requester(server, R"(,"echo":false)");

        client.ask("SUB inbox 1\r\nSUB foo 2\r\nPUB foo inbox 1\r\nx\r\n", status("inbox 1"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NoRespondersTest);

}  // namespace gnatsd::tests
