// Section 1 of the protocol: lines, blanks, operation names, and what is no operation.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

namespace gnatsd::tests {

namespace {

constexpr std::string_view kUnknown = "-ERR 'Unknown Protocol Operation'\r\n";
constexpr std::string_view kParser = "-ERR 'Parser Error'\r\n";

}  // namespace

class FramingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FramingTest);
    CPPUNIT_TEST(nothingNeedsAConnect);
    CPPUNIT_TEST(lineFeedAloneEndsAControlLine);
    CPPUNIT_TEST(payloadEndsWithCrlfOnly);
    CPPUNIT_TEST(payloadMustHaveItsSize);
    CPPUNIT_TEST(operationNamesHaveNoCase);
    CPPUNIT_TEST(subjectsAndSidsHaveCase);
    CPPUNIT_TEST(nothingMayStandBeforeAnOperation);
    CPPUNIT_TEST(operationsOfServersAndRoutesAreRefused);
    CPPUNIT_TEST(someNamesNeedABlankBehindThem);
    CPPUNIT_TEST(connectAndInfoNeedNone);
    CPPUNIT_TEST(runsOfBlanksSeparateArguments);
    CPPUNIT_TEST(restOfAPingLineIsIgnored);
    CPPUNIT_TEST(carriageReturnSeparatesInSubAndUnsubOnly);
    CPPUNIT_TEST(operationsOfOneSegmentAreDoneInOrder);
    CPPUNIT_TEST(badArgumentsAreAParserError);
    CPPUNIT_TEST(onlyOneErrorLineIsSent);
    CPPUNIT_TEST(errorReachesAClientThatHasSentMore);
    CPPUNIT_TEST_SUITE_END();

    static void expectRefused(const TestServer& server, std::string_view input,
                              std::string_view error, Where where = {}) {
        TestClient client(server, where);
        client.connect({}, where);
        client.send(input, where);
        if (client.untilClosed(where) != error) {
            where.fail("not refused as it should", std::string(input));
        }
    }

    // CP-12
    void nothingNeedsAConnect() {
        TestServer server;
        TestClient client(server);

        client.ask("PING\r\n", "PONG\r\n");
        client.ask("SUB foo 1\r\n", "+OK\r\n");
        client.ask("PUB foo 2\r\nhi\r\n", "+OK\r\nMSG foo 1 2\r\nhi\r\n");
        client.ask("PUB a..b 2\r\nhi\r\n", "-ERR 'Invalid Publish Subject'\r\n+OK\r\n");
    }

    // CP-2
    void lineFeedAloneEndsAControlLine() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("PING\n", "PONG\r\n");
        client.send("SUB foo 1\n");
        client.ask("PUB foo 2\nok\r\n", "MSG foo 1 2\r\nok\r\n");
        client.ask("PING\n", "PONG\r\n");
        client.send("CONNECT {\"verbose\":true}\n");
        client.ask("UNSUB 1\n", "+OK\r\n+OK\r\n");
    }

    // CP-2, CP-46
    void payloadEndsWithCrlfOnly() {
        TestServer server;

        expectRefused(server, "PUB foo 2\r\nok\n", kUnknown);
        expectRefused(server, "PUB foo 2\r\nokX\n", kUnknown);
        expectRefused(server, "PUB foo 2\r\nok\rX", kUnknown);
        expectRefused(server, "PUB foo 0\r\n\n", kUnknown);
    }

    // CP-46
    void payloadMustHaveItsSize() {
        TestServer server;

        expectRefused(server, "PUB foo 2\r\nlonger\r\n", kUnknown);
        expectRefused(server, "PUB foo 6\r\nab\r\nPING\r\n", kUnknown);

        TestClient cut(server);
        cut.connect();
        const std::string half(3371, 'x');
        cut.ask("PUB foo 10000\r\n" + half + "\r\nPUB foo 1\r\n", "");
        cut.send(std::string(10000, 'y'));
        cut.expect(kUnknown);
        CPPUNIT_ASSERT_EQUAL(std::string(), cut.untilClosed());
    }

    // CP-3
    void operationNamesHaveNoCase() {
        TestServer server;
        TestClient client(server);

        client.ask("PiNg\r\n", "PONG\r\n");
        client.ask("cOnnEct {\"VERBOSE\":false,\"verbose\":false,\"headers\":true}\r\nping\r\n",
                   "PONG\r\n");
        client.send("sub foo 1\r\n");
        client.ask("pUb foo 2\r\nok\r\n", "MSG foo 1 2\r\nok\r\n");
        client.ask("hpub foo 12 13\r\nNATS/1.0\r\n\r\n!\r\n",
                   "HMSG foo 1 12 13\r\nNATS/1.0\r\n\r\n!\r\n");
        client.ask("uNsUb 1\r\npub foo 2\r\nok\r\nPing\r\n", "PONG\r\n");
        client.send("pong\r\n+ok\r\n");
        client.expectNothing();
        client.send("-err 'x'\r\n");
        client.expectClosed();
    }

    // CP-3, CP-61
    void subjectsAndSidsHaveCase() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo Ab\r\nSUB FOO aB\r\nSUB foo q X\r\nSUB foo Q Y\r\n");

        client.ask("PUB FOO 1\r\n1\r\n", "MSG FOO aB 1\r\n1\r\n");
        client.send("UNSUB ab\r\nUNSUB AB\r\nUNSUB X\r\n");
        client.ask("PUB foo 1\r\n2\r\n", "MSG foo Ab 1\r\n2\r\nMSG foo Y 1\r\n2\r\n");
    }

    // CP-4
    void nothingMayStandBeforeAnOperation() {
        TestServer server;

        for (const std::string_view input :
             {" PING\r\n", "\tPING\r\n", "\rPING\r\n", "\r\n", "\n"}) {
            expectRefused(server, input, kUnknown);
        }
        expectRefused(server, std::string_view("\0PING\r\n", 7), kUnknown);
    }

    // CP-5
    void operationsOfServersAndRoutesAreRefused() {
        TestServer server;

        for (const std::string_view input :
             {"MSG foo 1 2\r\n", "HMSG foo 1 2 3\r\n", "RS+ $G foo\r\n", "RMSG $G foo 2\r\n",
              "A+ x\r\n", "LS+ foo\r\n", "ZZZ\r\n", "PUT foo\r\n", "PINK\r\n", "SUBS foo 1\r\n",
              "CONNEXT {}\r\n", "+NO\r\n", "\xff\xfe\r\n", "GET / HTTP/1.1\r\n",
              "{\"verbose\":false}\r\n"}) {
            expectRefused(server, input, kUnknown);
        }
    }

    // CP-6
    void someNamesNeedABlankBehindThem() {
        TestServer server;

        for (const std::string_view input :
             {"PUB\r\n", "PUBfoo 2\r\nhi\r\n", "SUB\r\n", "SUBfoo 1\r\n", "UNSUB\r\n", "UNSUB1\r\n",
              "HPUB\r\n", "HPUBfoo 1 1\r\n", "-ERR'x'\r\n"}) {
            expectRefused(server, input, kUnknown);
        }
    }

    // CP-6
    void connectAndInfoNeedNone() {
        TestServer server;
        TestClient client(server);

        client.ask("CONNECT{\"verbose\":false}\r\nPING\r\n", "PONG\r\n");
        client.ask("INFO{\"server_id\":\"x\"}\r\nPING\r\n", "PONG\r\n");
        client.ask("CONNECT\t {\"verbose\":true} \t\r\n", "+OK\r\n");
    }

    // CP-7
    void runsOfBlanksSeparateArguments() {
        TestServer server;
        TestClient client(server);
        client.connect(R"(,"headers":true)");

        client.send("SUB \t foo\t\tq   1 \t \r\n");
        client.ask("PUB\t\tfoo  answer\t2 \t\r\nok\r\n", "MSG foo 1 answer 2\r\nok\r\n");
        client.ask("HPUB  foo \t answer  12 \t 13  \r\nNATS/1.0\r\n\r\n!\r\n",
                   "HMSG foo 1 answer 12 13\r\nNATS/1.0\r\n\r\n!\r\n");
        client.send("UNSUB  \t1\t \r\n");
        client.ask("PUB foo 2\r\nok\r\nPING\r\n", "PONG\r\n");
    }

    // CP-8
    void restOfAPingLineIsIgnored() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("PINGxyz abc\r\n", "PONG\r\n");
        client.ask("PING  \r  \n", "PONG\r\n");
        client.ask("PONGPING\r\n+OK, thanks\r\nPING " + std::string(20000, ' ') + "\r\n",
                   "PONG\r\n");
    }

    // CP-9
    void carriageReturnSeparatesInSubAndUnsubOnly() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.send("SUB fo\ro 1\r\n");
        client.ask("PUB fo 2\r\nok\r\n", "MSG fo 1 2\r\nok\r\n");
        client.send("UNSUB 1\r0\r\r\n");
        client.ask("PUB fo 2\r\nok\r\nPING\r\n", "PONG\r\n");
        expectRefused(server, "PUB foo 1\r\r\n", kParser);
        expectRefused(server, "PUB fo\ro 1\r\nx\r\nPUB a\rb\r\n", kParser);
    }

    // CP-11
    void operationsOfOneSegmentAreDoneInOrder() {
        TestServer server;
        TestClient client(server);

        client.ask(
            "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPUB foo 1\r\n1\r\nSUB foo 1\r\n"
            "PUB foo 1\r\n2\r\nPING\r\nUNSUB 1\r\nPUB foo 1\r\n3\r\nSUB foo 2\r\n"
            "PUB foo 1\r\n4\r\nPING\r\n",
            "MSG foo 1 1\r\n2\r\nPONG\r\nMSG foo 2 1\r\n4\r\nPONG\r\n");
    }

    // CP-13
    void badArgumentsAreAParserError() {
        TestServer server;

        for (const std::string_view input :
             {"SUB foo\r\n", "SUB  \r\n", "SUB a b c d\r\n", "UNSUB 1 2 3\r\n", "UNSUB \r\n",
              "PUB foo\r\n", "PUB \r\n", "PUB a b 1 2\r\nx\r\n", "PUB foo 1x\r\nx\r\n",
              "PUB foo -1\r\n", "PUB foo +1\r\nx\r\n", "PUB foo 0x1\r\nx\r\n", "CONNECT\r\n",
              "CONNECT []\r\n", "CONNECT {\r\n", "INFO x\r\n"}) {
            expectRefused(server, input, kParser);
        }
    }

    // CP-13
    void onlyOneErrorLineIsSent() {
        TestServer server;

        expectRefused(server, "ZZZ\r\nYYY\r\nPING\r\nSUB foo\r\n", kUnknown);
    }

    // CP-230
    void errorReachesAClientThatHasSentMore() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.trySend("ZZZ\r\n" + std::string(300'000, 'z'));
        client.expect(kUnknown);
        client.expectClosed();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FramingTest);

}  // namespace gnatsd::tests
