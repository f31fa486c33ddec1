// Anything a socket can send gets an answer of the catalogue, and nobody else notices.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

class HostileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HostileTest);
    CPPUNIT_TEST(linesWithoutEndAreRefused);
    CPPUNIT_TEST(hugeAndNegativeSizesAreRefused);
    CPPUNIT_TEST(zeroBytesAreJustBytes);
    CPPUNIT_TEST(invalidUtf8IsJustBytes);
    CPPUNIT_TEST(nestedJsonIsTakenOrRefused);
    CPPUNIT_TEST(halfMessagesAreNotDelivered);
    CPPUNIT_TEST(resetInsideAPayloadHarmsNobody);
    CPPUNIT_TEST(publishesBeforeTheEndAreDelivered);
    CPPUNIT_TEST(deathOfSomeLosesNothingOfOthers);
    CPPUNIT_TEST(oneByteAtATimeIsServedLikeAnyOther);
    CPPUNIT_TEST(openPayloadsHoldOnlyWhatCame);
    CPPUNIT_TEST(connectionsMayComeAndGo);
    CPPUNIT_TEST_SUITE_END();

    static void expectAlive(TestServer& server, Where where = {}) {
        TestClient client(server, where);
        client.connect({}, where);
        client.ask("SUB alive 1\r\nPUB alive 1\r\nx\r\n", "MSG alive 1 1\r\nx\r\n", where);
    }

    void linesWithoutEndAreRefused() {
        TestServer server;
        const std::string million(1'000'000, 'a');

        for (const std::string_view start : {"SUB ", "PUB foo ", "CONNECT {\"name\":\"", "UNSUB ",
                                             "INFO {\"x\":\"", "-ERR ", "SUB\t"}) {
            TestClient client(server);
            client.trySend(std::string(start) + million);
            client.expect("-ERR 'maximum control line exceeded'\r\n");
            client.expectClosed();
        }
        TestClient client(server);
        client.trySend(million);
        client.expect("-ERR 'Unknown Protocol Operation'\r\n");
        client.expectClosed();
        expectAlive(server);
    }

    void hugeAndNegativeSizesAreRefused() {
        TestServer server;

        for (const std::string_view size :
             {"-1", "-2147483649", "2147483648", "4294967296", "9223372036854775807",
              "18446744073709551615", "99999999999999999999999999", "1048577", "-0",
              "0x7fffffff"}) {
            for (const std::string_view verb : {"PUB foo ", "PUB foo reply ", "HPUB foo 1 "}) {
                TestClient client(server);
                client.connect(R"(,"headers":true)");
                client.send(std::string(verb) + std::string(size) + "\r\n");
                const std::string got = client.untilClosed();
                CPPUNIT_ASSERT_MESSAGE(std::string(size) + ": " + got,
                                       got == "-ERR 'Parser Error'\r\n" ||
                                           got == "-ERR 'Maximum Payload Violation'\r\n");
            }
        }
        expectAlive(server);
    }

    void zeroBytesAreJustBytes() {
        TestServer server;
        TestClient client(server);
        client.connect();
        const std::string zero("\0\0", 2);

        client.send("SUB a" + zero + " " + zero + "\r\n");
        client.ask("PUB a" + zero + " r" + zero + " 2\r\n" + zero + "\r\n",
                   "MSG a" + zero + " " + zero + " r" + zero + " 2\r\n" + zero + "\r\n");
        client.ask("PING" + zero + "\r\n", "PONG\r\n");
        client.ask(zero, "-ERR 'Unknown Protocol Operation'\r\n");
        client.expectClosed();
        TestClient json(server);
        json.ask("CONNECT {\"name\":\"" + zero + "\"}\r\n", "-ERR 'Parser Error'\r\n");
        expectAlive(server);
    }

    void invalidUtf8IsJustBytes() {
        TestServer server;
        TestClient client(server);
        client.connect();
        const std::string bad = "\xff\xc0\x80\xed\xa0\x80\xf5";

        client.send("SUB " + bad + " " + bad + "\r\n");
        client.ask("PUB " + bad + " " + bad + " 7\r\n" + bad + "\r\n",
                   "MSG " + bad + " " + bad + " " + bad + " 7\r\n" + bad + "\r\n");
        client.ask("CONNECT {\"name\":\"" + bad + "\"}\r\nPING\r\n", "PONG\r\n");
    }

    void nestedJsonIsTakenOrRefused() {
        TestServer server(limited([](kernel::Limits& limits) { limits.maxControlLine = 1 << 20; }));

        for (const std::size_t depth : {10U, 2'000U, 200'000U}) {
            for (const auto& [open, close] :
                 {std::pair{"[", "]"}, {"{\"a\":", "}"}, {"[{\"a\":", "}]"}}) {
                std::string json = "{\"x\":";
                std::string end;
                for (std::size_t i = 0; i < depth; ++i) {
                    json += open;
                    end += close;
                }
                TestClient whole(server);
                whole.trySend("CONNECT " + json + "1" + end + "}\r\nPING\r\n");
                whole.expectLine(
                    R"(\+OK|-ERR 'Parser Error'|-ERR 'maximum control line exceeded')");
                TestClient cut(server);
                cut.trySend("CONNECT " + json + "\r\n");
                cut.expectLine("-ERR 'Parser Error'|-ERR 'maximum control line exceeded'");
            }
        }
        expectAlive(server);
    }

    void halfMessagesAreNotDelivered() {
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB > 1\r\nPING\r\n", "PONG\r\n");
        for (const std::string& half :
             {std::string("PUB foo 5\r\nhel"), std::string("PUB foo 5\r\nhello"),
              std::string("PUB foo 5\r\nhello\r"), std::string("PUB foo 5"),
              "PUB foo 100000\r\n" + std::string(99'999, 'x')}) {
            TestClient client(server);
            client.connect();
            client.send(half);
            client.closeWrite();
            client.expectClosed();
        }
        subscriber.expectNothing();
    }

    void resetInsideAPayloadHarmsNobody() {
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");

        for (const std::size_t size : {0U, 1U, 5'000U, 70'000U, 999'999U}) {
            TestClient dying(server);
            dying.connect();
            dying.send("SUB foo 1\r\nPUB foo 1000000\r\n" + std::string(size, 'x'));
            dying.reset();
            subscriber.ask("PUB foo 1\r\ny\r\n", "MSG foo 1 1\r\ny\r\n");
        }
        server.log().expect("cid:6 - Client connection closed");
        subscriber.expectNothing();
    }

    // Also those whose read the server has put off, because they come one by one.
    void publishesBeforeTheEndAreDelivered() {
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TestClient dying(server);
        dying.connect();

        std::string expected;
        for (int i = 0; i < 500; ++i) {
            const std::string number = std::to_string(i);
            const std::string framed = std::to_string(number.size()) + "\r\n" + number + "\r\n";
            dying.send("PUB foo " + framed);
            expected += "MSG foo 1 " + framed;
        }
        dying.close();

        subscriber.expect(expected);
        subscriber.expectNothing();
    }

    void deathOfSomeLosesNothingOfOthers() {
        TestServer server;
        std::vector<TestClient> clients;
        for (int i = 0; i < 20; ++i) {
            clients.emplace_back(server).connect();
            clients.back().ask("SUB foo 1\r\nSUB bar q" + std::to_string(i) + " 2\r\nPING\r\n",
                               "PONG\r\n");
        }
        TestClient publisher(server);
        publisher.connect();
        std::string expected;
        for (int i = 0; i < 200; ++i) {
            std::string batch;
            for (int k = 0; k < 20; ++k) {
                const std::string text = std::to_string(i) + "." + std::to_string(k);
                const std::string framed = std::to_string(text.size()) + "\r\n" + text + "\r\n";
                batch += "PUB foo " + framed + "PUB bar " + framed;
                expected += "MSG foo 1 " + framed + "MSG bar 2 " + framed;
            }
            publisher.send(batch);
            if (i % 10 == 0 && clients.size() > 1) {
                clients.back().reset();
                clients.pop_back();
            }
        }
        publisher.expectNothing();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, clients.size());
        clients.front().expect(expected);
        clients.front().expectNothing();
    }

    void oneByteAtATimeIsServedLikeAnyOther() {
        TestServer server;
        TestClient slow(server);
        TestClient busy(server);
        busy.connect();
        busy.send("SUB busy 1\r\n");
        const std::string conversation =
            "CONNECT {\"verbose\":false}\r\nSUB foo 1\r\nPUB foo 11\r\nhello world\r\nPING\r\n";

        for (const char byte : conversation) {
            slow.send({&byte, 1});
            busy.ask("PUB busy 1\r\nx\r\n", "MSG busy 1 1\r\nx\r\n");
        }
        slow.expect("MSG foo 1 11\r\nhello world\r\nPONG\r\n");
    }

    void openPayloadsHoldOnlyWhatCame() {
        TestServer server;
        std::vector<TestClient> clients;
        for (int i = 0; i < 200; ++i) {
            clients.emplace_back(server).connect();
            clients.back().send("PUB foo 1048576\r\nx");
        }
        expectAlive(server);
        for (TestClient& client : clients) {
            client.closeWrite();
            client.expectClosed();
        }
    }

    void connectionsMayComeAndGo() {
        TestServer server;
        for (int i = 0; i < 300; ++i) {
            TestClient client(server.port(), {});
            if (i % 3 == 0) {
                client.reset();
            } else if (i % 3 == 1) {
                client.send("SUB foo 1\r\nPUB foo 1\r\nx\r\n");
            }
        }
        expectAlive(server);
        while (server.server().broker().clients() > 0) {
            expectAlive(server);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HostileTest);

}  // namespace gnatsd::tests
