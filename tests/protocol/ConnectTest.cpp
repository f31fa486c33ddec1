// Section 3: CONNECT.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

namespace gnatsd::tests {

class ConnectTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectTest);
    CPPUNIT_TEST(successIsSilentUnlessVerbose);
    CPPUNIT_TEST(blanksAroundTheObjectAreFine);
    CPPUNIT_TEST(nullAndAnEmptyObjectChangeNothing);
    CPPUNIT_TEST(whatIsNotOneObjectIsRefused);
    CPPUNIT_TEST(nullKeepsTheValueOfAField);
    CPPUNIT_TEST(valuesOfAnotherTypeAreRefused);
    CPPUNIT_TEST(unknownFieldsAreIgnored);
    CPPUNIT_TEST(connectsAreMerged);
    CPPUNIT_TEST(subscriptionsSurviveAnotherConnect);
    CPPUNIT_TEST(refusedConnectLeavesNothingBehind);
    CPPUNIT_TEST(protocolsZeroAndOneAreKnown);
    CPPUNIT_TEST(noRespondersNeedsHeaders);
    CPPUNIT_TEST(clientsDoNotChooseAccounts);
    CPPUNIT_TEST(verboseAnswersEachAcceptedOperation);
    CPPUNIT_TEST(nameVersionAndLanguageAreShownInTheLog);
    CPPUNIT_TEST(fieldsMayHoldAnyText);
    CPPUNIT_TEST_SUITE_END();

    static void expectError(const TestServer& server, std::string_view input,
                            std::string_view error, Where where = {}) {
        TestClient client(server, where);
        client.send(input, where);
        client.expect(error, where);
        client.expectClosed(where);
    }

    static void expectParserError(const TestServer& server, std::string_view json,
                                  Where where = {}) {
        expectError(server, "CONNECT " + std::string(json) + "\r\n", "-ERR 'Parser Error'\r\n",
                    where);
    }

    // CP-35
    void successIsSilentUnlessVerbose() {
        TestServer server;
        TestClient quiet(server);
        TestClient verbose(server);

        quiet.ask("CONNECT {\"verbose\":false}\r\nPING\r\n", "PONG\r\n");
        verbose.ask("CONNECT {\"verbose\":true}\r\nPING\r\n", "+OK\r\nPONG\r\n");
    }

    // CP-30
    void blanksAroundTheObjectAreFine() {
        TestServer server;
        TestClient client(server);

        client.ask("CONNECT \t { \"verbose\" : false } \t \r\nPING\r\n", "PONG\r\n");
    }

    // CP-30, CP-32
    void nullAndAnEmptyObjectChangeNothing() {
        TestServer server;
        TestClient client(server);

        client.ask("CONNECT null\r\n", "+OK\r\n");
        client.ask("CONNECT {}\r\n", "+OK\r\n");
        client.ask("CONNECT {\"verbose\":false}\r\nCONNECT null\r\nCONNECT {}\r\nPING\r\n",
                   "PONG\r\n");
    }

    // CP-30
    void whatIsNotOneObjectIsRefused() {
        TestServer server;

        for (const std::string_view json :
             {"", "[]", "[{}]", "{", "}", "{}{}", "{} x", "\"x\"", "1", "true", "{verbose:false}",
              "{'verbose':false}", "{\"verbose\":false,}", "{\"verbose\" false}", "nul",
              "{\"a\":}"}) {
            expectParserError(server, json);
        }
    }

    // CP-31
    void nullKeepsTheValueOfAField() {
        TestServer server;
        TestClient client(server);

        client.ask("CONNECT {\"verbose\":null,\"echo\":null,\"name\":null,\"protocol\":null}\r\n",
                   "+OK\r\n");
        client.send("CONNECT {\"verbose\":false}\r\nSUB foo 1\r\nCONNECT {\"verbose\":null}\r\n");
        client.ask("PUB foo 1\r\nx\r\n", "MSG foo 1 1\r\nx\r\n");
    }

    // CP-31
    void valuesOfAnotherTypeAreRefused() {
        TestServer server;

        for (const std::string_view json :
             {R"({"verbose":"yes"})", R"({"pedantic":1})", R"({"echo":[]})", R"({"headers":{}})",
              R"({"no_responders":"true"})", R"({"protocol":1.0})", R"({"protocol":"1"})",
              R"({"user":1})", R"({"pass":true})", R"({"auth_token":{}})", R"({"name":7})",
              R"({"lang":[]})", R"({"version":2})", R"({"nkey":1})", R"({"sig":1})", R"({"jwt":1})",
              R"({"account":1})", R"({"new_account":"x"})", R"({"tls_required":"no"})"}) {
            expectParserError(server, json);
        }
    }

    // CP-31
    void unknownFieldsAreIgnored() {
        TestServer server;
        TestClient client(server);

        client.ask(R"(CONNECT {"verbose":false,"x":{"verbose":true,"y":[1,2,{"z":null}]},"w":1e9})"
                   "\r\nPING\r\n",
                   "PONG\r\n");
    }

    // CP-32
    void connectsAreMerged() {
        TestServer server;
        TestClient client(server);

        client.send("CONNECT {\"verbose\":false,\"echo\":false}\r\n");
        client.send(
            "CONNECT {\"pedantic\":false}\r\nSUB foo 1\r\nPUB foo 1\r\nx\r\nPUB .. 0\r\n\r\n");
        client.expectNothing();
        client.send("CONNECT {\"echo\":true}\r\n");
        client.ask("PUB foo 1\r\ny\r\n", "MSG foo 1 1\r\ny\r\n");
        client.ask("CONNECT {\"verbose\":true}\r\n", "+OK\r\n");
    }

    // CP-32
    void subscriptionsSurviveAnotherConnect() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.send("SUB foo 1\r\nCONNECT {\"name\":\"again\"}\r\n");
        client.ask("PUB foo 1\r\nx\r\n", "MSG foo 1 1\r\nx\r\n");
    }

    // CP-30
    void refusedConnectLeavesNothingBehind() {
        TestServer server;
        TestClient client(server);

        client.send("CONNECT {\"verbose\":false,\"echo\":\"x\"}\r\nPING\r\n");
        client.expect("-ERR 'Parser Error'\r\n");
        client.expectClosed();
    }

    // CP-33
    void protocolsZeroAndOneAreKnown() {
        TestServer server;
        TestClient zero(server);
        TestClient one(server);

        zero.ask("CONNECT {\"protocol\":0}\r\n", "+OK\r\n");
        one.ask("CONNECT {\"protocol\":1}\r\n", "+OK\r\n");
        for (const std::string_view protocol : {"2", "-1", "100"}) {
            expectError(server, "CONNECT {\"protocol\":" + std::string(protocol) + "}\r\n",
                        "-ERR 'invalid client protocol'\r\n");
        }
    }

    // CP-34
    void noRespondersNeedsHeaders() {
        TestServer server;
        constexpr std::string_view kError = "-ERR 'no responders requires headers support'\r\n";

        expectError(server, "CONNECT {\"no_responders\":true}\r\n", kError);
        expectError(server, "CONNECT {\"no_responders\":true,\"headers\":false}\r\nPING\r\n",
                    kError);

        TestClient client(server);
        client.ask("CONNECT {\"headers\":true}\r\nCONNECT {\"no_responders\":true}\r\n",
                   "+OK\r\n+OK\r\n");
    }

    // CP-31, CP-202
    void clientsDoNotChooseAccounts() {
        TestServer server;
        constexpr std::string_view kError = "-ERR 'Authorization Violation'\r\n";

        expectError(server, "CONNECT {\"account\":\"x\"}\r\n", kError);
        expectError(server, "CONNECT {\"new_account\":true}\r\nPING\r\n", kError);

        TestClient client(server);
        client.ask("CONNECT {\"account\":\"\",\"new_account\":false}\r\n", "+OK\r\n");
    }

    // CP-100
    void verboseAnswersEachAcceptedOperation() {
        TestServer server;
        TestClient client(server);

        client.ask(
            "CONNECT {\"verbose\":true,\"headers\":true}\r\nSUB foo 1\r\nSUB foo 1\r\n"
            "SUB a..b 2\r\nPUB foo 1\r\nx\r\nHPUB foo 12 12\r\nNATS/1.0\r\n\r\n\r\n"
            "UNSUB 1 9\r\nUNSUB 1\r\nUNSUB 7\r\nPING\r\nPONG\r\nINFO {}\r\n+OK\r\nPING\r\n",
            "+OK\r\n+OK\r\n+OK\r\n-ERR 'Invalid Subject'\r\n+OK\r\nMSG foo 1 1\r\nx\r\n"
            "+OK\r\nHMSG foo 1 12 12\r\nNATS/1.0\r\n\r\n\r\n"
            "+OK\r\n+OK\r\n+OK\r\nPONG\r\nPONG\r\n");
    }

    // CP-36, LOG-9
    void nameVersionAndLanguageAreShownInTheLog() {
        TestServer server;
        {
            TestClient client(server);
            client.connect(R"(,"name":"a\nb","lang":"c++","version":"1.2")");
        }
        server.log().expectMatch(R"(\[DBG\] 127\.0\.0\.1:\d+ - cid:1 - "v1\.2:c\+\+:a\\nb" - )"
                                 "Client connection closed: Client Closed");
    }

    // CP-31
    void fieldsMayHoldAnyText() {
        TestServer server;
        TestClient client(server);

        client.ask(
            "CONNECT {\"verbose\":false,\"name\":\"\\u0000\\\"}{\\ud83d\\ude00 \xc3\xa9\"}"
            "\r\nPING\r\n",
            "PONG\r\n");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConnectTest);

}  // namespace gnatsd::tests
