// Section 4: PUB. Subjects of publishes: section 8.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

namespace gnatsd::tests {

namespace {

constexpr std::string_view kTooLarge = "-ERR 'Maximum Payload Violation'\r\n";

}  // namespace

class PublishTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PublishTest);
    CPPUNIT_TEST(replyIsOptional);
    CPPUNIT_TEST(replyIsPassedOnUnchecked);
    CPPUNIT_TEST(emptyPayloadIsLegal);
    CPPUNIT_TEST(payloadMayHoldAnyBytes);
    CPPUNIT_TEST(leadingZerosArePassedOn);
    CPPUNIT_TEST(sizesOfMoreThanNineDigitsAreTooLarge);
    CPPUNIT_TEST(sizeIsDigitsOnly);
    CPPUNIT_TEST(payloadOfTheLimitPassesAndOneByteMoreDoesNot);
    CPPUNIT_TEST(tooLargeIsRefusedBeforeThePayloadComes);
    CPPUNIT_TEST(publishNeedsNoSubscriber);
    CPPUNIT_TEST(wildcardsInAPublishAreText);
    CPPUNIT_TEST(emptyTokensReachNobody);
    CPPUNIT_TEST(pedanticRefusesWhatIsNoLiteral);
    CPPUNIT_TEST(wildcardsInsideATokenAreLiteral);
    CPPUNIT_TEST(reservedSubjectsAreRefused);
    CPPUNIT_TEST(refusedPublishGetsNoOkAndIsConsumed);
    CPPUNIT_TEST(subjectsOfManyTokensAndAnyBytesWork);
    CPPUNIT_TEST_SUITE_END();

    // CP-40, CP-80
    void replyIsOptional() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo 1\r\n");

        client.ask("PUB foo 5\r\nhello\r\n", "MSG foo 1 5\r\nhello\r\n");
        client.ask("PUB foo rep.ly 5\r\nhello\r\n", "MSG foo 1 rep.ly 5\r\nhello\r\n");
    }

    // CP-48
    void replyIsPassedOnUnchecked() {
        TestServer server;
        TestClient client(server);
        client.ask("CONNECT {\"verbose\":false,\"pedantic\":true}\r\nSUB foo 1\r\nPING\r\n",
                   "PONG\r\n");

        for (const std::string_view reply : {">", "a.*", "..", "_SYS.x", "0"}) {
            const std::string text(reply);
            client.ask("PUB foo " + text + " 1\r\nx\r\n", "MSG foo 1 " + text + " 1\r\nx\r\n");
        }
    }

    // CP-45
    void emptyPayloadIsLegal() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\nPUB foo 0\r\n\r\n", "MSG foo 1 0\r\n\r\n");
        client.ask("PUB foo r 0\r\n\r\nPING\r\n", "MSG foo 1 r 0\r\n\r\nPONG\r\n");
    }

    // CP-40
    void payloadMayHoldAnyBytes() {
        TestServer server;
        TestClient client(server);
        client.connect();
        std::string payload;
        for (int i = 0; i < 256; ++i) {
            payload.push_back(static_cast<char>(i));
        }
        payload += "\r\nPING\r\n+OK\r\n";
        const std::string framed = std::to_string(payload.size()) + "\r\n" + payload + "\r\n";

        client.ask("SUB foo 1\r\nPUB foo " + framed, "MSG foo 1 " + framed);
        client.expectNothing();
    }

    // CP-43
    void leadingZerosArePassedOn() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo 1\r\nPUB foo 0002\r\nok\r\n", "MSG foo 1 0002\r\nok\r\n");
        client.ask("PUB foo 000000002\r\nok\r\n", "MSG foo 1 000000002\r\nok\r\n");
    }

    // CP-43
    void sizesOfMoreThanNineDigitsAreTooLarge() {
        TestServer server;

        for (const std::string_view size :
             {"99999999999", "0000000002", "18446744073709551618", "4294967298"}) {
            TestClient client(server);
            client.connect();
            client.ask("PUB foo " + std::string(size) + "\r\nok\r\n", kTooLarge);
            client.expectClosed();
        }
    }

    // CP-43
    void sizeIsDigitsOnly() {
        TestServer server;

        for (const std::string_view size : {"-1", "+1", "1.0", "1e1", "0x1", "one", "\xd9\xa1"}) {
            TestClient client(server);
            client.connect();
            client.ask("PUB foo " + std::string(size) + "\r\nok\r\n", "-ERR 'Parser Error'\r\n");
            client.expectClosed();
        }
    }

    // CP-44
    void payloadOfTheLimitPassesAndOneByteMoreDoesNot() {
        TestServer server(limited([](kernel::Limits& limits) { limits.maxPayload = 1000; }));
        TestClient client(server);
        client.connect();
        const std::string payload(1000, 'x');

        client.ask("SUB foo 1\r\nPUB foo 1000\r\n" + payload + "\r\n",
                   "MSG foo 1 1000\r\n" + payload + "\r\n");
        client.ask("PUB foo 1001\r\n" + payload + "x\r\n", kTooLarge);
        client.expectClosed();
    }

    // CP-44
    void tooLargeIsRefusedBeforeThePayloadComes() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("PUB foo 1048577\r\n", kTooLarge);
        client.expectClosed();
        server.log().expectMatch(R"(\[ERR\] .* - maximum payload exceeded: 1048577 vs 1048576)");
    }

    // CP-47
    void publishNeedsNoSubscriber() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.send("PUB foo 1\r\nx\r\nPUB bar reply 1\r\nx\r\n");
        client.expectNothing();
    }

    // CP-134
    void wildcardsInAPublishAreText() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo.* 1\r\nSUB foo.bar 2\r\nSUB foo.> 3\r\nSUB foo.a.b 4\r\n");

        client.ask("UNSUB 3\r\nPUB foo.* 1\r\nx\r\nPING\r\n", "MSG foo.* 1 1\r\nx\r\nPONG\r\n");
        client.ask("PUB foo.> 1\r\nx\r\nPING\r\n", "MSG foo.> 1 1\r\nx\r\nPONG\r\n");
        client.ask("PUB > 1\r\nx\r\nPUB *.bar 1\r\nx\r\nPING\r\n", "PONG\r\n");
    }

    // CP-134
    void emptyTokensReachNobody() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB > 1\r\nSUB foo.> 2\r\nSUB foo.*.bar 3\r\n");

        for (const std::string_view subject : {"foo..bar", ".foo", "foo.", ".", ".."}) {
            client.send("PUB " + std::string(subject) + " 1\r\nx\r\n");
            client.expectNothing();
        }
    }

    // CP-135
    void pedanticRefusesWhatIsNoLiteral() {
        TestServer server;
        TestClient other(server);
        other.connect();
        other.ask("SUB > 1\r\nPING\r\n", "PONG\r\n");
        TestClient client(server);
        client.ask("CONNECT {\"verbose\":true,\"pedantic\":true}\r\n", "+OK\r\n");

        for (const std::string_view subject :
             {"foo.*", ">", "*", "foo.>", "foo..bar", ".a", "a."}) {
            client.ask("PUB " + std::string(subject) + " 1\r\nx\r\n",
                       "-ERR 'Invalid Publish Subject'\r\n+OK\r\n");
        }
        client.ask("PUB foo 1\r\nx\r\n", "+OK\r\n");
        other.expect("MSG foo 1 1\r\nx\r\n");
        other.expectNothing();
    }

    // CP-133, CP-135
    void wildcardsInsideATokenAreLiteral() {
        TestServer server;
        TestClient client(server);
        client.ask("CONNECT {\"verbose\":false,\"pedantic\":true}\r\nSUB > 1\r\nPING\r\n",
                   "PONG\r\n");

        for (const std::string_view subject : {"foo*", "*foo", ">foo.bar", "a.b>", "**"}) {
            const std::string text(subject);
            client.ask("PUB " + text + " 1\r\nx\r\n", "MSG " + text + " 1 1\r\nx\r\n");
        }
    }

    // CP-49
    void reservedSubjectsAreRefused() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB > 1\r\n");

        client.ask("PUB _SYS.x 1\r\nx\r\n",
                   "-ERR 'Permissions Violation for Publish to \"_SYS.x\"'\r\n");
        client.ask("PUB _SYS.\x01\"\\ 1\r\nx\r\n",
                   "-ERR 'Permissions Violation for Publish to \"_SYS.\\x01\\\"\\\\\"'\r\n");
        client.ask("PUB _SYS 1\r\nx\r\n", "MSG _SYS 1 1\r\nx\r\n");
        client.ask("PUB _ 1\r\nx\r\n", "MSG _ 1 1\r\nx\r\n");
        client.ask("PUB _sys.x 1\r\nx\r\n", "MSG _sys.x 1 1\r\nx\r\n");
        server.log().expect("Publish Violation - User \"N/A\", Subject \"_SYS.x\"");
    }

    // CP-50
    void refusedPublishGetsNoOkAndIsConsumed() {
        TestServer server;
        TestClient client(server);

        client.ask("PUB _SYS.x 6\r\nPING\r\n\r\nPING\r\n",
                   "-ERR 'Permissions Violation for Publish to \"_SYS.x\"'\r\nPONG\r\n");
    }

    // CP-130
    void subjectsOfManyTokensAndAnyBytesWork() {
        TestServer server;
        TestClient client(server);
        client.connect();
        std::string deep = "a";
        for (int i = 0; i < 500; ++i) {
            deep += ".a";
        }

        for (const std::string& subject :
             {deep, std::string("\xc3\xa9t\xc3\xa9.\xe2\x82\xac"), std::string("\xff\xfe.\x01\x7f"),
              std::string(3900, 'x'), std::string("a\0b", 3), std::string("'\"\\{}%s")}) {
            client.send("SUB " + subject + " 1\r\n");
            client.ask("PUB " + subject + " 1\r\nx\r\n", "MSG " + subject + " 1 1\r\nx\r\n");
            client.send("UNSUB 1\r\n");
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PublishTest);

}  // namespace gnatsd::tests
