// What the log shows of a client's conversation: identity, debug lines, trace, and no secrets.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

class LogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogTest);
    CPPUNIT_TEST(connectionIsNamedFromBeginningToEnd);
    CPPUNIT_TEST(nothingIsWrittenUnlessDebugIsOn);
    CPPUNIT_TEST(traceShowsWhatCameAndWhatWent);
    CPPUNIT_TEST(traceShowsHeaders);
    CPPUNIT_TEST(traceShowsErrorsAndNoInfo);
    CPPUNIT_TEST(payloadsAreQuoted);
    CPPUNIT_TEST(messagesToOthersAreTracedWithTheirIdentity);
    CPPUNIT_TEST(secretsAreNeverTraced);
    CPPUNIT_TEST(secretsAreNotInTheLinesAboutErrors);
    CPPUNIT_TEST(controlBytesNeverReachTheLog);
    CPPUNIT_TEST_SUITE_END();

    static ServerSetup tracing() {
        ServerSetup setup;
        setup.trace = true;
        return setup;
    }

    /// The trace lines without "[TRC] ADDRESS - cid:N - " and label, from `from` on.
    static std::string trace(TestServer& server, std::string_view from) {
        std::string text;
        bool begun = false;
        for (const std::string& line : server.log().lines()) {
            const std::size_t mark =
                std::min({line.find("<<- "), line.find("->> "), line.find("<-> ")});
            if (!line.starts_with("[TRC] ") || mark == std::string::npos) {
                continue;
            }
            const std::string entry = line.substr(mark);
            begun = begun || entry == from;
            text += begun ? entry + '\n' : "";
        }
        return text;
    }

    // LOG-8, LOG-100, LOG-101, CP-241
    void connectionIsNamedFromBeginningToEnd() {
        TestServer server;
        std::string peer;
        {
            const TestClient client(server);
            peer = "127.0.0.1:" + std::to_string(client.localPort());
        }
        server.log().expectMatch("\\[DBG\\] " + peer + " - cid:1 - Client connection created");
        server.log().expectMatch("\\[DBG\\] " + peer +
                                 " - cid:1 - Client connection closed: Client Closed");
    }

    // LOG-3
    void nothingIsWrittenUnlessDebugIsOn() {
        ServerSetup setup;
        setup.debug = false;
        TestServer server(setup);
        {
            TestClient client(server);
            client.ask("SUB foo 1\r\nUNSUB 1 1\r\nPUB foo 1\r\nx\r\n",
                       "+OK\r\n+OK\r\n+OK\r\nMSG foo 1 1\r\nx\r\n");
        }
        server.stop();

        for (const std::string& line : server.log().lines()) {
            CPPUNIT_ASSERT_MESSAGE(line, line.starts_with("[INF] "));
            CPPUNIT_ASSERT_MESSAGE(line, line.find("cid:") == std::string::npos);
        }
    }

    // LOG-60, LOG-61, LOG-62, LOG-64, CP-242
    void traceShowsWhatCameAndWhatWent() {
        TestServer server(tracing());
        TestClient client(server);

        client.send("CONNECT {\"verbose\":true}\r\n  ");
        client.untilClosed();
        TestClient good(server);
        good.ask(
            "CONNECT  {\"verbose\":false} \r\nPING\r\nSUB  foo.*  1\r\nSUB bar q1 2\r\nUNSUB 2 "
            "5\r\n"
            "PONG\r\nPUB foo.y rep.ly  3\r\nabc\r\nPUB foo.z 0\r\n\r\nUNSUB 1\r\nPING\r\n",
            "PONG\r\nMSG foo.y 1 rep.ly 3\r\nabc\r\nMSG foo.z 1 0\r\n\r\nPONG\r\n");

        CPPUNIT_ASSERT_EQUAL(std::string("<<- [CONNECT {\"verbose\":false}]\n"
                                         "<<- [PING]\n"
                                         "->> [PONG]\n"
                                         "<<- [SUB foo.* 1]\n"
                                         "<<- [SUB bar q1 2]\n"
                                         "<<- [UNSUB 2 5]\n"
                                         "<<- [PONG]\n"
                                         "<<- [PUB foo.y rep.ly 3]\n"
                                         "<<- MSG_PAYLOAD: [\"abc\"]\n"
                                         "->> [MSG foo.y 1 rep.ly 3]\n"
                                         "<<- [PUB foo.z 0]\n"
                                         "<<- MSG_PAYLOAD: [\"\"]\n"
                                         "->> [MSG foo.z 1 0]\n"
                                         "<<- [UNSUB 1]\n"
                                         "<-> [DELSUB 1]\n"
                                         "<<- [PING]\n"
                                         "->> [PONG]\n"),
                             trace(server, "<<- [CONNECT {\"verbose\":false}]"));
    }

    // LOG-61
    void traceShowsHeaders() {
        TestServer server(tracing());
        TestClient client(server);
        client.connect(R"(,"headers":true)");

        client.ask(
            "SUB foo 1\r\nHPUB foo 12 15\r\nNATS/1.0\r\n\r\nabc\r\nCONNECT {\"headers\":false}\r\n"
            "PING\r\n",
            "HMSG foo 1 12 15\r\nNATS/1.0\r\n\r\nabc\r\nPONG\r\n");

        CPPUNIT_ASSERT_EQUAL(std::string("<<- [HPUB foo 12 15]\n"
                                         "<<- MSG_PAYLOAD: [\"NATS/1.0\\r\\n\\r\\nabc\"]\n"
                                         "->> [HMSG foo 1 12 15]\n"
                                         "<<- [CONNECT {\"headers\":false}]\n"
                                         "<<- [PING]\n"
                                         "->> [PONG]\n"),
                             trace(server, "<<- [HPUB foo 12 15]"));
    }

    // LOG-61
    void traceShowsErrorsAndNoInfo() {
        TestServer server(tracing());
        TestClient client(server);

        client.ask("SUB a..b 1\r\nPUB _SYS.x 0\r\n\r\nSUB a 1\r\n",
                   "-ERR 'Invalid Subject'\r\n"
                   "-ERR 'Permissions Violation for Publish to \"_SYS.x\"'\r\n+OK\r\n");

        CPPUNIT_ASSERT_EQUAL(
            std::string("<<- [SUB a..b 1]\n"
                        "->> [-ERR Invalid Subject]\n"
                        "<<- [PUB _SYS.x 0]\n"
                        "<<- MSG_PAYLOAD: [\"\"]\n"
                        "->> [-ERR Permissions Violation for Publish to \"_SYS.x\"]\n"
                        "<<- [SUB a 1]\n"
                        "->> [OK]\n"),
            trace(server, "<<- [SUB a..b 1]"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, server.log().count("INFO {"));
    }

    // LOG-10, LOG-62
    void payloadsAreQuoted() {
        TestServer server(tracing());
        TestClient client(server);
        client.connect();

        client.send("PUB foo 12\r\n\"\\\r\n\t\x01\xc3\xa9\xff \x7fz\r\n");
        client.expectNothing();

        server.log().expect("<<- MSG_PAYLOAD: [\"\\\"\\\\\\r\\n\\t\\x01\xc3\xa9\\xff \\x7fz\"]");
    }

    // LOG-61
    void messagesToOthersAreTracedWithTheirIdentity() {
        TestServer server(tracing());
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();
        publisher.send("PUB foo 1\r\nx\r\n");
        subscriber.expect("MSG foo 1 1\r\nx\r\n");

        server.log().expectMatch(R"(\[TRC\] 127\.0\.0\.1:\d+ - cid:2 - .*<<- \[PUB foo 1\])");
        server.log().expectMatch(R"(\[TRC\] 127\.0\.0\.1:\d+ - cid:1 - .*->> \[MSG foo 1 1\])");
    }

    // LOG-50, CP-37
    void secretsAreNeverTraced() {
        TestServer server(tracing());
        for (const std::string_view json :
             {R"({"verbose":false,"user":"u","pass":"s3cret","lang":"go"})",
              R"({"user":"u","password":"s3cret"})", R"({"auth_token":"s3cret"})",
              R"({"jwt":"s3cret","sig":"s3cret","nkey":"s3cret"})",
              R"({ "pass" : "s3cret" , "pass":"s3cret"})", R"({"PASS":"s3cret"})",
              R"({"pass":"a\"s3cret"})", R"({"p\u0061ss":"s3cret"})", R"({"pass":"s3cret)",
              R"({"pass":["s3cret"]})", R"({"pass":{"x":"s3cret"}})", R"({"x":{"pass":"s3cret"}})",
              R"(pass:s3cret)", R"({"pass":s3cret})", R"({"user":"x" "pass":"s3cret"})"}) {
            TestClient client(server);
            client.send("CONNECT " + std::string(json) + "\r\n");
            client.closeWrite();
            client.untilClosed();
        }
        server.stop();

        server.log().expect(
            R"(<<- [CONNECT {"verbose":false,"user":"u","pass":"[REDACTED]","lang":"go"}])");
        for (const std::string& line : server.log().lines()) {
            CPPUNIT_ASSERT_MESSAGE(line, line.find("s3cret") == std::string::npos);
        }
    }

    // LOG-51
    void secretsAreNotInTheLinesAboutErrors() {
        TestServer server(tracing());
        for (const std::string& input : std::vector<std::string>{
                 "CONNEKT {\"pass\":\"s3cret\"}\r\n", "CONNECT {\"pass\":\"s3cret\"\r\n",
                 "CONNECT {\"pass\":\"s3cret" + std::string(5000, 'x') + "\"}\r\n",
                 " CONNECT {\"pass\":\"s3cret\"}\r\n", "{\"pass\":\"s3cret\"}\r\n",
                 "PUB a 1\r\nxCONNECT {\"pass\":\"s3cret\"}\r\n"}) {
            TestClient client(server);
            client.trySend(input);
            client.untilClosed();
        }
        server.stop();

        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, server.log().count("Client connection closed: "));
        for (const std::string& line : server.log().lines()) {
            CPPUNIT_ASSERT_MESSAGE(line, line.find("s3cret") == std::string::npos);
        }
    }

    // LOG-6, LOG-52
    void controlBytesNeverReachTheLog() {
        const std::string evil = "\x1b[31m\x07\x01";
        TestServer server(tracing());
        {
            TestClient client(server);
            client.connect(R"(,"headers":true,"no_responders":true,"name":"\n\u001b[31m")");
            client.send("SUB a" + evil + " q" + evil + " " + evil + "\r\nPUB a" + evil + " r" +
                        evil + " 1\r\n\x1b\r\nUNSUB " + evil + " 1\r\nSUB .." + evil +
                        " x\r\nPUB _SYS." + evil + " 0\r\n\r\nSUB > 1\r\nUNSUB " + evil +
                        "\r\nSUB r" + evil + " 9\r\nUNSUB 1\r\nPUB nobody r" + evil +
                        " 0\r\n\r\n-ERR '" + evil + "'\r\n");
            client.untilClosed();
            TestClient bad(server);
            bad.send("Z" + evil + "\r\n");
            bad.untilClosed();
            TestClient worse(server);
            worse.send("CONNECT {\"x\":\"" + evil + "\"\r\n");
            worse.untilClosed();
        }
        server.stop();

        CPPUNIT_ASSERT(server.log().count("\\x1b[31m") > 5);
        for (const std::string& line : server.log().lines()) {
            const bool clean = std::all_of(line.begin(), line.end(), [](char c) {
                return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
            });
            CPPUNIT_ASSERT_MESSAGE(line, clean);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogTest);

}  // namespace gnatsd::tests
