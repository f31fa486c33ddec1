// Sections 14 and 15: every error line and every close reason, as the client and as the log see
// them. Each row also stands, with its circumstances, in the test of its section.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>

namespace gnatsd::tests {

using namespace std::chrono_literals;
using kernel::Limits;

class ErrorsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ErrorsTest);
    CPPUNIT_TEST(errorsThatClose);
    CPPUNIT_TEST(errorsThatDoNotClose);
    CPPUNIT_TEST(quotedSubjectsAreEscaped);
    CPPUNIT_TEST(endOfInputIsClientClosed);
    CPPUNIT_TEST(resetIsAReadError);
    CPPUNIT_TEST(parseFailuresAreLoggedWithASnippet);
    CPPUNIT_TEST_SUITE_END();

    struct Row {
        const char* id;
        std::string input;
        const char* error;
        const char* reason;
        bool auth = false;
    };

    static ServerSetup tight(bool auth) {
        ServerSetup setup = limited([](Limits& limits) {
            limits.maxControlLine = 100;
            limits.maxPayload = 100;
            limits.maxSubscriptions = 2;
            limits.maxSubscriptionTokens = 4;
            limits.authTimeout = 100ms;
        });
        setup.onlyUser = auth ? "ivan" : "";
        return setup;
    }

    // CP-200 to CP-222 as far as they close
    void errorsThatClose() {
        for (const Row& row :
             {Row{"CP-200", "ZZZ\r\n", "Unknown Protocol Operation", "Protocol Violation"},
              Row{"CP-200", "PUB a 1\r\nxyz\r\n", "Unknown Protocol Operation",
                  "Protocol Violation"},
              Row{"CP-201", "SUB a\r\n", "Parser Error", "Protocol Violation"},
              Row{"CP-201", "UNSUB\t\r\n", "Parser Error", "Protocol Violation"},
              Row{"CP-201", "PUB a x\r\n", "Parser Error", "Protocol Violation"},
              Row{"CP-201", "CONNECT x\r\n", "Parser Error", "Protocol Violation"},
              Row{"CP-202", "CONNECT {\"account\":\"a\"}\r\n", "Authorization Violation",
                  "Authentication Failure"},
              Row{"CP-202", "PING\r\n", "Authorization Violation", "Authentication Failure", true},
              Row{"CP-202", "CONNECT {\"user\":\"x\"}\r\n", "Authorization Violation",
                  "Authentication Failure", true},
              Row{"CP-204", "", "Authentication Timeout", "Authentication Timeout", true},
              Row{"CP-206", "PUB a 101\r\n", "Maximum Payload Violation",
                  "Maximum Message Payload Exceeded"},
              Row{"CP-207", "SUB " + std::string(120, 'a'), "maximum control line exceeded",
                  "Maximum Control Line Exceeded"},
              Row{"CP-221", "CONNECT {\"protocol\":2}\r\n", "invalid client protocol",
                  "Bad Client Protocol Version"},
              Row{"CP-222", "CONNECT {\"no_responders\":true}\r\n",
                  "no responders requires headers support", "No Responders Requires Headers"}}) {
            const std::string what = std::string(row.id) + ": " + row.input;
            TestServer server(tight(row.auth));
            TestClient client(server);

            client.send(row.input);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, "-ERR '" + std::string(row.error) + "'\r\n",
                                         client.untilClosed());
            server.log().expect(" - Client connection closed: " + std::string(row.reason));
        }
    }

    // CP-210 to CP-216
    void errorsThatDoNotClose() {
        TestServer server(tight(false));
        TestClient client(server);
        for (const Row& row :
             {Row{"CP-211", "SUB a..b 1\r\n", "Invalid Subject", ""},
              Row{"CP-212", "PUB a.* 0\r\n\r\n", "Invalid Publish Subject", ""},
              Row{"CP-213", "PUB _SYS.a 0\r\n\r\n",
                  "Permissions Violation for Publish to \"_SYS.a\"", ""},
              Row{"CP-216", "SUB a.b.c.d.e 1\r\n",
                  "Permissions Violation for Subscription to \"a.b.c.d.e\", too many tokens", ""},
              Row{"CP-210", "SUB a 1\r\nSUB b 2\r\nSUB c 3\r\n", "maximum subscriptions exceeded",
                  ""}}) {
            client.send(row.input + "PING\r\n");
            std::string got;
            for (std::string line = client.line(); line != "PONG"; line = client.line()) {
                got += line == "+OK" ? "" : line;
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.id, "-ERR '" + std::string(row.error) + "'", got);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, server.log().count("Client connection closed"));
    }

    // Section 14, first paragraph
    void quotedSubjectsAreEscaped() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("PUB _SYS.\"\\\x01\x1b\xc3\xa9 0\r\n\r\n",
                   "-ERR 'Permissions Violation for Publish to "
                   "\"_SYS.\\\"\\\\\\x01\\x1b\xc3\xa9\"'\r\n");
    }

    // CP-240
    void endOfInputIsClientClosed() {
        TestServer server;
        { const TestClient client(server); }
        server.log().expect("cid:1 - Client connection closed: Client Closed");
        TestClient half(server);
        half.send("PING\r\nSUB fo");
        half.closeWrite();
        half.expect("PONG\r\n");
        half.expectClosed();
        server.log().expect("cid:2 - Client connection closed: Client Closed");
    }

    // CP-240
    void resetIsAReadError() {
        TestServer server;
        TestClient client(server);
        client.ask("PING\r\n", "PONG\r\n");

        client.reset();

        server.log().expect("cid:1 - Client connection closed: Read Error");
    }

    // CP-14, LOG-90, LOG-112
    void parseFailuresAreLoggedWithASnippet() {
        TestServer server;
        const auto say = [&](const std::string& input) {
            TestClient client(server);
            client.send(input);
            client.untilClosed();
        };

        say("BOGUS\x01 " + std::string(100, 'b') + "\r\n");
        say("SUB fo\"o\r\n");
        say("UNSUB 1 2 3\r\n");
        say("PUB " + std::string(100, 'p') + "\r\n");

        server.log().expectMatch(R"(\[ERR\] .*cid:1 - Client parser ERROR, state=\d+, i=\d+: )"
                                 R"(proto='"BOGUS\\x01 b{25}"\.\.\.')");
        server.log().expectMatch(R"(\[ERR\] .*cid:2 - processSub Parse Error: "fo\\"o")");
        server.log().expectMatch(R"(\[ERR\] .*cid:3 - processUnsub Parse Error: "1 2 3")");
        server.log().expectMatch(R"(\[ERR\] .*cid:4 - processPub Parse Error: "p{32}")");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ErrorsTest);

}  // namespace gnatsd::tests
