// CP-10: whatever pieces a conversation arrives in, what comes back is the same. Between two pieces
// another client gets an answer, so that the server has read the first before the second is sent.

#include "tests/support/Random.h"
#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

namespace {

const std::vector<std::string>& conversations() {
    static const std::vector<std::string> all{
        "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB foo 1\r\nPUB foo "
        "5\r\nhello\r\nPING\r\n",
        "SUB foo bar 1\r\nPUB foo rep.ly 0005\r\nhello\r\nUNSUB 1 2\r\nPUB foo 0\r\n\r\nPUB foo "
        "1\r\nx\r\n",
        "CONNECT{\"verbose\":true,\"headers\":true,\"name\":\"x\\\"y\"} \r\nSUB \t a.*  1 \r\n"
        "HPUB a.b  r \t12  13\r\nNATS/1.0\r\n\r\n!\r\nHPUB a.b 0 3\r\nabc\r\nPUB a.b "
        "14\r\nNATS/1.0\r\n\r\nxy\r\n",
        "CONNECT {\"headers\":true,\"no_responders\":true,\"verbose\":false}\r\nSUB in.* 9\r\n"
        "PUB nobody in.1 2\r\nhi\r\nHPUB nobody in.2 12 12\r\nNATS/1.0\r\n\r\n\r\nPING\r\n",
        "PING\nPONG\n+OK\nping  \r \nPINGx\r\nSUB a 1\nPUB a 2\nhi\r\nInFo {}\nUNSUB 1\nPUB a "
        "1\nx\r\n",
        "SUB a 1\r\nSUB a..b 2\r\nPUB .. 0\r\n\r\nPUB _SYS.x 4\r\nPING\r\nSUB b\rc 3\r\nPUB b "
        "1\r\nz\r\n",
        "PUB a 7\r\nPUB a 1\r\nSUB \r\nSUB a q\r\r\nSUB a 1\r\nPUB a 4\r\n\r\n\r\n\r\nPING\r\n",
        // Runs of messages on one subject, and what interrupts them.
        "CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a r "
        "1\r\n3\r\n"
        "PUB a 1\r\n4\r\nPUB b 1\r\nx\r\nPUB a 2\r\n55\r\nPUB a 1\r\n6\r\nPING\r\nPUB a 1\r\n7\r\n"
        "UNSUB 1 9\r\nPUB a 1\r\n8\r\nPUB a 1\r\n9\r\nPUB a 1\r\nA\r\nSUB a 2\r\nPUB a 1\r\nB\r\n"
        "PUB a 1\r\nC\r\nUNSUB 2\r\nPUB a 1\r\nD\r\nSUB a q 3\r\nPUB a 1\r\nE\r\nPUB a 1\r\nF\r\n",
        "SUB a 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\nCONNECT {\"verbose\":false}\r\n"
        "PUB a 1\r\n4\r\nPUB a 1\r\n5\r\nCONNECT {\"echo\":false}\r\nPUB a 1\r\nx\r\nPUB a "
        "1\r\ny\r\n"
        "CONNECT {\"echo\":true}\r\nPUB a 1\r\n6\r\nPUB a 1\r\n7\r\nPUB a 1\r\n8\r\nZ\r\n",
        // Each of these ends in an error.
        "SUB a 1\r\nPUB a 1\r\nx\r\nZZZ\r\nPING\r\n", "SUB a 1\r\nPUB a 2\r\nxyz\r\nPING\r\n",
        "SUB a 1\r\nPUB a 2\r\nx\r\nPING\r\n", "SUB a 1\r\nPUB a 2\r\nxx\nPING\r\n",
        "PUB a 1 2 3\r\n", "SUB a\r\nPING\r\n", "PUB foo 1\r\r\nx\r\n",
        "PUB foo 9999999\r\nPING\r\n", "PUB foo 9999999999\r\nPING\r\n", "PUB foo -1\r\n",
        "PUBX foo 1\r\nx\r\n", "SUB\r\n", "HPUB a 12 12\r\nNATS/1.0\r\n\r\n\r\n",
        "CONNECT {\"headers\":true}\r\nHPUB a 13 12\r\nNATS/1.0\r\n\r\n\r\n",
        "CONNECT {\"verbose\":1}\r\nPING\r\n", "CONNECT {\"protocol\":2}\r\nPING\r\n",
        "PING\r\n\r\nPING\r\n", "PING\r\n PING\r\n", "-ERR 'bye'\r\nPING\r\n",
        "UNSUB 1 2 3\r\nPING\r\n", "INFO {\r\nPING\r\n",
        "SUB " + std::string(200, 'a') + " 1\r\nPING\r\n",
        "SUB " + std::string(61, 'a') + "  1\r\nPUB " + std::string(61, 'a') +
            " 1\r\nx\r\nPING\r\n",
        "SUB " + std::string(62, 'a') + "  1\r\nPING\r\n",
        "CONNECT {\"name\":\"" + std::string(60, 'a') + "\"}\r\nPING\r\n",
        "SUB" + std::string(65, ' ') + "a 1\r\nPING\r\n"};
    return all;
}

class Splitter {
public:
    std::string whole(const std::string& conversation) { return pieces(conversation, {}); }

    /// Sends the conversation cut at these places; answers all that came back.
    std::string pieces(const std::string& conversation, const std::vector<std::size_t>& cuts) {
        TestClient client(server_);
        std::size_t from = 0;
        for (const std::size_t cut : cuts) {
            client.trySend(conversation.substr(from, cut - from));
            fence_.ask("PING\r\n", "PONG\r\n");
            from = cut;
        }
        client.trySend(conversation.substr(from));
        client.closeWrite();
        return client.untilClosed();
    }

private:
    static ServerSetup setup() {
        ServerSetup setup = limited([](kernel::Limits& limits) { limits.maxControlLine = 65; });
        setup.debug = false;
        return setup;
    }

    TestServer server_{setup()};
    TestClient fence_{server_};
};

void check(Splitter& splitter, const std::string& conversation, const std::string& expected,
           const std::vector<std::size_t>& cuts, const std::string& how) {
    const std::string got = splitter.pieces(conversation, cuts);
    if (got != expected) {
        const std::size_t at = static_cast<std::size_t>(
            std::mismatch(expected.begin(), expected.end(), got.begin(), got.end()).first -
            expected.begin());
        CPPUNIT_FAIL(conversation.substr(0, 300) + "\ncut " + how + "\nfrom byte " +
                     std::to_string(at) + "\nexpected: " + expected.substr(at, 80) +
                     "\ngot: " + got.substr(at, 80));
    }
}

}  // namespace

class SplitTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SplitTest);
    CPPUNIT_TEST(conversationsSayWhatTheyShould);
    CPPUNIT_TEST(cutAtEveryPosition);
    CPPUNIT_TEST(byteByByte);
    CPPUNIT_TEST(cutAtRandom);
    CPPUNIT_TEST(largePayloadsCutAnywhere);
    CPPUNIT_TEST_SUITE_END();

    // Against a corpus that tests nothing.
    void conversationsSayWhatTheyShould() {
        Splitter splitter;

        CPPUNIT_ASSERT_EQUAL(std::string("MSG foo 1 5\r\nhello\r\nPONG\r\n"),
                             splitter.whole(conversations().at(0)));
        CPPUNIT_ASSERT_EQUAL(
            std::string("+OK\r\n+OK\r\nMSG foo 1 rep.ly 0005\r\nhello\r\n+OK\r\n+OK\r\n"
                        "MSG foo 1 0\r\n\r\n+OK\r\n"),
            splitter.whole(conversations().at(1)));
        for (const std::string& conversation : conversations()) {
            const std::string got = splitter.whole(conversation);
            const bool silent =
                conversation.starts_with("HPUB") || conversation.starts_with("-ERR");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(conversation, silent, got.empty());
        }
    }

    void cutAtEveryPosition() {
        Splitter splitter;
        for (const std::string& conversation : conversations()) {
            const std::string expected = splitter.whole(conversation);
            for (std::size_t cut = 1; cut < conversation.size(); ++cut) {
                check(splitter, conversation, expected, {cut}, "at " + std::to_string(cut));
            }
        }
    }

    void byteByByte() {
        Splitter splitter;
        for (const std::string& conversation : conversations()) {
            std::vector<std::size_t> cuts;
            for (std::size_t cut = 1; cut < conversation.size(); ++cut) {
                cuts.push_back(cut);
            }
            check(splitter, conversation, splitter.whole(conversation), cuts, "everywhere");
        }
    }

    void cutAtRandom() {
        Random random;
        Splitter splitter;
        for (const std::string& conversation : conversations()) {
            const std::string expected = splitter.whole(conversation);
            for (int round = 0; round < 10; ++round) {
                std::vector<std::size_t> cuts;
                for (unsigned count = 2 + random.below(6); count > 0; --count) {
                    cuts.push_back(1 +
                                   random.below(static_cast<unsigned>(conversation.size()) - 1));
                }
                std::sort(cuts.begin(), cuts.end());
                check(splitter, conversation, expected, cuts, "at random, " + random.seed());
            }
        }
    }

    // Large enough to be read straight into the message's own memory.
    void largePayloadsCutAnywhere() {
        Splitter splitter;
        std::string payload;
        while (payload.size() < 200'000) {
            payload += std::to_string(payload.size()) + ' ';
        }
        const std::string framed = std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
        const std::string conversation =
            "CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPUB a 1\r\nx\r\nPUB a " + framed +
            "PUB a r " + framed + "PING\r\n";
        const std::string expected =
            "MSG a 1 1\r\nx\r\nMSG a 1 " + framed + "MSG a 1 r " + framed + "PONG\r\n";
        const std::size_t first = conversation.find(payload);
        const std::size_t second = conversation.rfind(payload);
        const std::size_t size = payload.size();

        check(splitter, conversation, expected, {}, "nowhere");
        for (const std::size_t from : {first, second}) {
            for (const std::size_t cut :
                 {from - 1, from, from + 1, from + size / 2, from + size - 1, from + size,
                  from + size + 1, from + size + 2}) {
                check(splitter, conversation, expected, {cut}, "at " + std::to_string(cut));
                check(splitter, conversation, expected,
                      {from - 3, from + 2, std::max(cut, from) + 4}, "near " + std::to_string(cut));
            }
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SplitTest);

}  // namespace gnatsd::tests
