// Random input: bytes, and pieces of the protocol in any order.

#include "tests/support/Random.h"
#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <iterator>
#include <string>
#include <string_view>

namespace gnatsd::tests {

class GarbageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GarbageTest);
    CPPUNIT_TEST(randomBytesAreAnswered);
    CPPUNIT_TEST(randomOperationsAreAnswered);
    CPPUNIT_TEST_SUITE_END();

    static void expectAlive(TestServer& server, Where where = {}) {
        TestClient client(server, where);
        client.connect({}, where);
        client.ask("SUB alive 1\r\nPUB alive 1\r\nx\r\n", "MSG alive 1 1\r\nx\r\n", where);
    }

    void randomBytesAreAnswered() {
        TestServer server;
        Random random;
        for (int i = 0; i < 200; ++i) {
            std::string bytes;
            for (unsigned size = random.below(2000); size > 0; --size) {
                bytes.push_back(static_cast<char>(random.below(256)));
            }
            TestClient client(server);
            client.trySend(bytes + "\r\n");
            client.closeWrite();
            const std::string got = client.untilClosed();
            CPPUNIT_ASSERT_MESSAGE(random.seed() + ": " + got,
                                   got.empty() || got.find("-ERR '") != std::string::npos);
        }
        expectAlive(server);
    }

    // Pieces of the protocol in any order, over few subjects so that they meet.
    void randomOperationsAreAnswered() {
        constexpr std::string_view kPieces[] = {
            "PUB a 1\r\nx\r\n",
            "SUB a 1\r\n",
            "SUB > 2\r\n",
            "UNSUB 1\r\n",
            "UNSUB 2 3\r\n",
            "PING\r\n",
            "PONG\r\n",
            "+OK\r\n",
            "PUB b a 0\r\n\r\n",
            "SUB a q 3\r\n",
            "HPUB a 12 13\r\nNATS/1.0\r\n\r\n!\r\n",
            "INFO {}\r\n",
            "PUB a 5\r\nhel",
            "SUB a..b 4\r\n",
            "CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\n",
            "PUB a 9999999\r\n",
            "CONNECT {\"echo\":false}\r\n",
            "CONNECT {\"verbose\":true,\"echo\":true}\r\n",
            "\r\n",
            "X"};
        TestServer server;
        Random random;
        for (int i = 0; i < 300; ++i) {
            TestClient client(server);
            std::string bytes;
            for (unsigned count = random.below(60); count > 0; --count) {
                bytes += kPieces[random.below(std::size(kPieces))];
            }
            client.trySend(bytes);
            client.closeWrite();
            const std::string got = client.untilClosed();
            const std::size_t error = got.find("-ERR 'Unknown");
            CPPUNIT_ASSERT_MESSAGE(
                random.seed() + ": " + got,
                error == std::string::npos || got.find("\r\n", error) + 2 == got.size());
        }
        expectAlive(server);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GarbageTest);

}  // namespace gnatsd::tests
