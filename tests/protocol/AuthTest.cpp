// Section 12, as far as it concerns the session: who must say who they are, and when. The server
// has the example plug-in, which knows one user by name.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <string_view>

namespace gnatsd::tests {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view kViolation = "-ERR 'Authorization Violation'\r\n";
constexpr std::string_view kConnect = "CONNECT {\"user\":\"ivan\",\"verbose\":false}\r\n";

ServerSetup onlyIvan() {
    ServerSetup setup;
    setup.onlyUser = "ivan";
    return setup;
}

}  // namespace

class AuthTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AuthTest);
    CPPUNIT_TEST(firstOperationMustBeConnect);
    CPPUNIT_TEST(acceptedUserGoesOn);
    CPPUNIT_TEST(whatCameWithTheConnectIsDoneAfterTheAnswer);
    CPPUNIT_TEST(refusedUserIsClosedAndNothingElseDone);
    CPPUNIT_TEST(userMustBeNamed);
    CPPUNIT_TEST(brokenConnectIsAParserError);
    CPPUNIT_TEST(laterConnectIsCheckedAgain);
    CPPUNIT_TEST(silentClientRunsOutOfTime);
    CPPUNIT_TEST(partOfAConnectDoesNotStopTheClock);
    CPPUNIT_TEST(connectMayComeInPieces);
    CPPUNIT_TEST(refusalIsLoggedWithTheUser);
    CPPUNIT_TEST_SUITE_END();

    // CP-110
    void firstOperationMustBeConnect() {
        TestServer server(onlyIvan());

        for (const std::string_view input :
             {"PING\r\n", "SUB foo 1\r\n", "PUB foo 1\r\nx\r\n", "ZZZ\r\n", " ", "P", "\r\n"}) {
            TestClient client(server);
            client.ask(input, kViolation);
            client.expectClosed();
        }
    }

    // CP-35
    void acceptedUserGoesOn() {
        TestServer server(onlyIvan());
        TestClient client(server);

        client.ask(std::string(kConnect) + "PING\r\n", "PONG\r\n");
        client.ask("SUB foo 1\r\nPUB foo 1\r\nx\r\n", "MSG foo 1 1\r\nx\r\n");
    }

    // CP-11: the check runs on another thread
    void whatCameWithTheConnectIsDoneAfterTheAnswer() {
        TestServer server(onlyIvan());

        for (int i = 0; i < 50; ++i) {
            TestClient client(server);
            client.send("CONNECT {\"user\":\"ivan\"}\r\nSUB foo 1\r\nPUB fo");
            client.send("o 1\r\nx\r\n");
            client.ask("CONNECT {\"user\":\"ivan\"}\r\nPING\r\n",
                       "+OK\r\n+OK\r\n+OK\r\nMSG foo 1 1\r\nx\r\n+OK\r\nPONG\r\n");
        }
    }

    // CP-111
    void refusedUserIsClosedAndNothingElseDone() {
        TestServer server(onlyIvan());
        TestClient other(server);
        other.ask(std::string(kConnect) + "SUB > 1\r\nPING\r\n", "PONG\r\n");
        TestClient client(server);

        client.send("CONNECT {\"user\":\"mallory\"}\r\nPUB foo 1\r\nx\r\nPING\r\n");
        client.expect(kViolation);
        client.expectClosed();
        other.expectNothing();
        server.log().expect("Client connection closed: Authentication Failure");
    }

    // CP-111
    void userMustBeNamed() {
        TestServer server(onlyIvan());

        for (const std::string_view json : {"{}", "null", "{\"user\":\"Ivan\"}",
                                            "{\"auth_token\":\"ivan\"}", "{\"user\":\"ivan \"}"}) {
            TestClient client(server);
            client.ask("CONNECT " + std::string(json) + "\r\n", kViolation);
            client.expectClosed();
        }
    }

    // CP-13
    void brokenConnectIsAParserError() {
        TestServer server(onlyIvan());
        TestClient client(server);

        client.ask("CONNECT {\"user\":\"ivan\"\r\n", "-ERR 'Parser Error'\r\n");
        client.expectClosed();
    }

    // CP-32
    void laterConnectIsCheckedAgain() {
        TestServer server(onlyIvan());
        TestClient client(server);
        client.ask(std::string(kConnect) + "PING\r\n", "PONG\r\n");

        client.ask("CONNECT {\"name\":\"again\"}\r\nPING\r\n", "PONG\r\n");
        client.ask("CONNECT {\"user\":\"mallory\"}\r\nPING\r\n", kViolation);
        client.expectClosed();
    }

    // CP-112, LOG-107
    void silentClientRunsOutOfTime() {
        ServerSetup setup = onlyIvan();
        setup.limits.authTimeout = 300ms;
        TestServer server(setup);
        TestClient in(server);
        in.ask(std::string(kConnect) + "PING\r\n", "PONG\r\n");
        TestClient client(server);
        const auto begin = std::chrono::steady_clock::now();

        client.expect("-ERR 'Authentication Timeout'\r\n");
        client.expectClosed();

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin >= 250ms);
        in.expectNothing();
        server.log().expectMatch(R"(\[DBG\] .* - Authentication Timeout)");
        server.log().expect("Client connection closed: Authentication Timeout");
    }

    // CP-112
    void partOfAConnectDoesNotStopTheClock() {
        ServerSetup setup = onlyIvan();
        setup.limits.authTimeout = 200ms;
        TestServer server(setup);
        TestClient client(server);

        client.ask("CONNECT {\"user\":\"iv", "-ERR 'Authentication Timeout'\r\n");
        client.expectClosed();
    }

    // CP-10
    void connectMayComeInPieces() {
        TestServer server(onlyIvan());
        TestClient client(server);

        for (const char byte : std::string(kConnect) + "PING\r\n") {
            client.send({&byte, 1});
        }
        client.expect("PONG\r\n");
    }

    // LOG-106
    void refusalIsLoggedWithTheUser() {
        TestServer server(onlyIvan());
        TestClient nobody(server);
        nobody.ask("PING\r\n", kViolation);
        TestClient mallory(server);
        mallory.ask("CONNECT {\"user\":\"mal\\n\\\"lory\",\"pass\":\"s3cret\"}\r\n", kViolation);

        server.log().expectMatch(R"(\[ERR\] .* - authentication error - User "")");
        server.log().expectMatch(
            R"(\[ERR\] .* - authentication error - User "mal\\n\\"lory", Reason ".*")");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, server.log().count("s3cret"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthTest);

}  // namespace gnatsd::tests
