// HPUB and HMSG: sections 4, 6 and 10.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

namespace gnatsd::tests {

namespace {

constexpr const char* kHeaders = R"(,"headers":true)";

}  // namespace

class HeadersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HeadersTest);
    CPPUNIT_TEST(headersGoToThoseWhoTakeThem);
    CPPUNIT_TEST(othersGetTheMessageWithoutThem);
    CPPUNIT_TEST(plainMessagesStayPlain);
    CPPUNIT_TEST(headersNeedAConnectThatAsksForThem);
    CPPUNIT_TEST(badHeaderSizesAreRefused);
    CPPUNIT_TEST(limitIsForHeadersAndPayloadTogether);
    CPPUNIT_TEST(headerBytesAreOpaque);
    CPPUNIT_TEST(noHeaderBytesMakeAnOrdinaryMessage);
    CPPUNIT_TEST(largeMessagesKeepTheirHeaders);
    CPPUNIT_TEST(headersCanBeTurnedOffAgain);
    CPPUNIT_TEST_SUITE_END();

    // CP-41, CP-81, CP-104
    void headersGoToThoseWhoTakeThem() {
        TestServer server;
        TestClient client(server);
        client.connect(kHeaders);

        client.ask("SUB foo 1\r\nHPUB foo 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nok\r\n",
                   "HMSG foo 1 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nok\r\n");
        client.ask("HPUB foo re.ply 12 12\r\nNATS/1.0\r\n\r\n\r\n",
                   "HMSG foo 1 re.ply 12 12\r\nNATS/1.0\r\n\r\n\r\n");
        client.ask("HPUB foo 0012 00013\r\nNATS/1.0\r\n\r\n!\r\n",
                   "HMSG foo 1 0012 00013\r\nNATS/1.0\r\n\r\n!\r\n");
    }

    // CP-82
    void othersGetTheMessageWithoutThem() {
        TestServer server;
        TestClient plain(server);
        plain.connect();
        plain.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient client(server);
        client.connect(kHeaders);

        client.send("HPUB foo 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nok\r\n");
        plain.expect("MSG foo 1 2\r\nok\r\n");
        client.send("HPUB foo re.ply 12 12\r\nNATS/1.0\r\n\r\n\r\n");
        plain.expect("MSG foo 1 re.ply 0\r\n\r\n");
        client.expectNothing();
    }

    // CP-81
    void plainMessagesStayPlain() {
        TestServer server;
        TestClient client(server);
        client.connect(kHeaders);

        client.ask("SUB foo 1\r\nPUB foo 14\r\nNATS/1.0\r\n\r\nok\r\n",
                   "MSG foo 1 14\r\nNATS/1.0\r\n\r\nok\r\n");
    }

    // CP-42
    void headersNeedAConnectThatAsksForThem() {
        TestServer server;
        for (const std::string_view connect :
             {"", "CONNECT {}\r\n", "CONNECT {\"headers\":false}\r\n"}) {
            TestClient client(server);
            client.send(connect);
            client.send("HPUB foo 12 12\r\nNATS/1.0\r\n\r\n\r\n");
            const std::string got = client.untilClosed();
            CPPUNIT_ASSERT_EQUAL(std::string(connect.empty() ? "" : "+OK\r\n"), got);
        }
        server.log().expectMatch(R"(\[ERR\] .* - message headers not supported)");
        server.log().expect("Client connection closed: Message Header Violation");
    }

    // CP-41, CP-42
    void badHeaderSizesAreRefused() {
        TestServer server;

        for (const std::string_view arguments :
             {"foo 13 12", "foo -1 12", "foo 12 -1", "foo x 12", "foo 12", "foo", "foo a b 12 12",
              "foo +12 12", "foo 1.2 12", "foo 12 1x"}) {
            TestClient client(server);
            client.connect(kHeaders);
            client.send("HPUB " + std::string(arguments) + "\r\nNATS/1.0\r\n\r\n\r\n");
            client.expect("-ERR 'Parser Error'\r\n");
            client.expectClosed();
        }
    }

    // CP-44
    void limitIsForHeadersAndPayloadTogether() {
        TestServer server(limited([](kernel::Limits& limits) { limits.maxPayload = 20; }));
        TestClient client(server);
        client.connect(kHeaders);

        client.ask("SUB foo 1\r\nHPUB foo 12 20\r\nNATS/1.0\r\n\r\n12345678\r\n",
                   "HMSG foo 1 12 20\r\nNATS/1.0\r\n\r\n12345678\r\n");
        client.ask("HPUB foo 12 21\r\n", "-ERR 'Maximum Payload Violation'\r\n");
        client.expectClosed();
    }

    // CP-51
    void headerBytesAreOpaque() {
        TestServer server;
        TestClient client(server);
        client.connect(kHeaders);

        client.ask("SUB foo 1\r\nHPUB foo 4 6\r\nBAD!ok\r\n", "HMSG foo 1 4 6\r\nBAD!ok\r\n");
    }

    // CP-51
    void noHeaderBytesMakeAnOrdinaryMessage() {
        TestServer server;
        TestClient client(server);
        client.connect(kHeaders);

        client.ask("SUB foo 1\r\nHPUB foo 0 2\r\nok\r\n", "MSG foo 1 2\r\nok\r\n");
        client.ask("HPUB foo r 00 02\r\nok\r\n", "MSG foo 1 r 02\r\nok\r\n");
        client.ask("HPUB foo 0 000000000000002\r\n", "-ERR 'Maximum Payload Violation'\r\n");
    }

    // CP-81, CP-82
    void largeMessagesKeepTheirHeaders() {
        TestServer server;
        TestClient plain(server);
        plain.connect();
        plain.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient with(server);
        with.connect(kHeaders);
        with.ask("SUB foo 2\r\nPING\r\n", "PONG\r\n");
        TestClient client(server);
        client.connect(kHeaders);
        std::string payload(600'000, 'x');
        payload.front() = '<';
        payload.back() = '>';

        client.send("HPUB foo 12 600012\r\nNATS/1.0\r\n\r\n" + payload + "\r\n");

        plain.expect("MSG foo 1 600000\r\n" + payload + "\r\n");
        with.expect("HMSG foo 2 12 600012\r\nNATS/1.0\r\n\r\n" + payload + "\r\n");
        client.expectNothing();
    }

    // CP-32, CP-104
    void headersCanBeTurnedOffAgain() {
        TestServer server;
        TestClient client(server);
        client.connect(kHeaders);

        client.ask("SUB foo 1\r\nHPUB foo 12 13\r\nNATS/1.0\r\n\r\n!\r\n",
                   "HMSG foo 1 12 13\r\nNATS/1.0\r\n\r\n!\r\n");
        client.send("CONNECT {\"headers\":false}\r\nHPUB foo 12 13\r\nNATS/1.0\r\n\r\n!\r\n");
        client.expectClosed();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HeadersTest);

}  // namespace gnatsd::tests
