// CP-10: however the input is cut, the parser makes the same operations of it.

#include "kernel/Parser.h"
#include "tests/kernel/ParserFixture.h"
#include "tests/support/Random.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

namespace {

using tests::Random;

std::string parsed(const std::string& input, const std::vector<std::size_t>& cuts,
                   Reading reading) {
    static const Limits kLimits = smallLimits();
    Feeder feeder(kLimits);
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        feeder.feed(std::string_view(input).substr(from, cut - from), reading);
        from = cut;
    }
    feeder.feed(std::string_view(input).substr(from), reading);
    return feeder.text();
}

const std::vector<std::string>& inputs() {
    static const std::vector<std::string> all{
        "PUB a 5\r\nhello\r\nPING\r\n",
        "pub a.b reply 0\r\n\r\nPUB c 1\n\r\r\nPUB a 1\r\nx\r\nPUB a 1\r\ny\r\nPUB a 1\r\nz\r\n",
        "PUB a 3\r\nabc\r\nPUB a 3\r\nabc\r\nPUB a 4\r\nabcd\r\nPUB a b 3\r\nabc\r\npub a "
        "3\r\nabc\r\n",
        "PUB \t a \t  b\t\t 007 \t\r\n1234567\r\nSUB a 1\r\n",
        "HPUB a 2 4\r\nhhpp\r\nHPUB a r 12  13 \r\nNATS/1.0\r\n\r\n!\r\nHPUB a 0 2\r\nok\r\nHPUB a "
        "2 4\r\nxxyy\r\n",
        "SUB a 1\r\nSUB a q 2\nSUB\ta\tb\t3 \r\r\nUNSUB 1\r\nUNSUB 1 5\r\nsub fo\ro 1\r\nunsub "
        "1\r2\r\n",
        "CONNECT {\"a\":1}\r\nconnect{}\r\nCONNECT \t x \t\r\nINFO {}\r\ninfo\r\nCONNECT\r\n",
        "PING\nPONG\r\n+OK\r\nping xyz\r  \nPINGPING\r\n+ok then\r\nPONGpong\n-ERR 'a "
        "b'\r\n-err\tx\n",
        "PUB a 12\r\n\r\nPING\r\nPUB \r\nPING\r\n",
        "PUB a 600\r\n" + std::string(600, 'x') + "\r\nPUB b 1\r\nx\r\n",
        "SUB " + std::string(38, 'a') + " 1\r\nSUB a 1\r\n",
        "SUB " + std::string(39, 'a') + " 1\r\nSUB a 1\r\n",
        "SUB " + std::string(38, 'a') + " 1\r\r\nSUB a 1\r\n",
        "SUB" + std::string(40, ' ') + "a 1\r\nSUB" + std::string(41, ' ') + "a 1\r\n",
        "PUB " + std::string(38, 'a') + " 0\r\n\r\nPUB " + std::string(38, 'a') + " 00\r\n\r\n",
        "CONNECT " + std::string(40, 'a') + "\r\nCONNECT " + std::string(41, 'a') + "\r\n",
        "PING" + std::string(300, ' ') + "\r\nPUB a 1\r\nx\r\n",
        "PUB a 1000\r\n" + std::string(1000, 'y') + "\r\nPUB a 1001\r\n",
        "PUB a 1\r\nxy\r\n",
        "PUB a 2\r\nx\r\nPING\r\n",
        "PUB a 1\r\nx\n",
        "PUB a 1\r\nx\rz",
        "PUB a\r\n",
        "PUB a b c 1\r\n",
        "PUB a -1\r\n",
        "PUB a 1x\r\n",
        "PUB a 9999999999\r\n",
        "PUB a 1\r\r\nx\r\n",
        "HPUB a 5 4\r\n",
        "HPUB a 4\r\n",
        "HPUB a 9999999999 4\r\n",
        "SUB a\r\n",
        "SUB a b c d\r\n",
        "UNSUB \r\n",
        "UNSUB 1 2 3\r\n",
        "PUB\r\n",
        "PUBx\r\n",
        "SUBS a 1\r\n",
        "-ERR\r\n",
        "PI\r\n",
        "P\n",
        "\r\n",
        " PING\r\n",
        "MSG a 1 1\r\n",
        "PING\r\nQUIT\r\n",
        std::string("\0", 1)};
    return all;
}

void compare(const std::string& input, const std::vector<std::size_t>& cuts,
             const std::string& expected) {
    for (const Reading reading : {Reading::plain, Reading::direct}) {
        std::string how = input.substr(0, 200) + " cut at";
        for (const std::size_t cut : cuts) {
            how += ' ' + std::to_string(cut);
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(how + (reading == Reading::direct ? ", direct" : ""), expected,
                                     parsed(input, cuts, reading));
    }
}

}  // namespace

class ParserSplitTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ParserSplitTest);
    CPPUNIT_TEST(oneCutAnywhereChangesNothing);
    CPPUNIT_TEST(twoCutsAnywhereChangeNothing);
    CPPUNIT_TEST(byteByByteChangesNothing);
    CPPUNIT_TEST(randomOperationsComeBackAsTheyWereMade);
    CPPUNIT_TEST_SUITE_END();

    void oneCutAnywhereChangesNothing() {
        for (const std::string& input : inputs()) {
            const std::string expected = parsed(input, {}, Reading::plain);
            for (std::size_t cut = 0; cut <= input.size(); ++cut) {
                compare(input, {cut}, expected);
            }
        }
    }

    void twoCutsAnywhereChangeNothing() {
        for (const std::string& input : inputs()) {
            const std::string expected = parsed(input, {}, Reading::plain);
            const std::size_t end = std::min<std::size_t>(input.size(), 90);
            for (std::size_t first = 1; first < end; ++first) {
                for (std::size_t second = first + 1; second < end; ++second) {
                    compare(input, {first, second}, expected);
                }
            }
        }
    }

    void byteByByteChangesNothing() {
        for (const std::string& input : inputs()) {
            std::vector<std::size_t> cuts;
            for (std::size_t cut = 1; cut < input.size(); ++cut) {
                cuts.push_back(cut);
            }
            compare(input, cuts, parsed(input, {}, Reading::plain));
        }
    }

    // Model: what was made is what must come out.
    void randomOperationsComeBackAsTheyWereMade() {
        static const Limits kLimits;
        Random random;
        for (int round = 0; round < 100; ++round) {
            std::string input;
            std::string expected;
            for (int i = 0; i < 50; ++i) {
                makeOne(random, input, expected);
            }
            Feeder feeder(kLimits);
            for (std::size_t at = 0; at < input.size();) {
                const std::size_t size = 1 + random.below(1U << random.below(12));
                feeder.feed(std::string_view(input).substr(at, size),
                            random.below(2) == 0 ? Reading::plain : Reading::direct);
                at += size;
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed(), expected, feeder.text());
        }
    }

    static void makeOne(Random& random, std::string& input, std::string& expected) {
        const auto blanks = [&] {
            static const char* const kBlanks[] = {" ", " ", " ", "  ", "\t", " \t "};
            return std::string(kBlanks[random.below(6)]);
        };
        const std::string subject = "s" + std::to_string(random.below(3));
        const std::string reply = random.below(3) == 0 ? "re.ply" : "";
        const std::string end = random.below(4) == 0 ? "\n" : "\r\n";
        const std::string payload(random.below(1U << random.below(13)), 'p');
        const std::string size = std::to_string(payload.size());
        const std::string middle = subject + blanks() + (reply.empty() ? "" : reply + blanks());
        switch (random.below(5)) {
            case 0:
                input += "SUB" + blanks() + subject + blanks() + "7" + end;
                expected += "sub(" + subject + "|7)\n";
                break;
            case 1:
                input += "PING" + end;
                expected += "ping\n";
                break;
            case 2:
                input +=
                    "HPUB" + blanks() + middle + "0" + blanks() + size + end + payload + "\r\n";
                expected +=
                    "message(" + subject + '|' + reply + '|' + size + "|0|" + payload + ")\n";
                break;
            default:
                input += "PUB" + blanks() + middle + size + end + payload + "\r\n";
                expected +=
                    "message(" + subject + '|' + reply + '|' + size + "|0|" + payload + ")\n";
                break;
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ParserSplitTest);

}  // namespace gnatsd::kernel
