#include "kernel/Parser.h"
#include "tests/support/Random.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

namespace {

using tests::Random;

std::string textOf(const Message& message) {
    std::string text = "message(" + std::string(message.subject) + '|' +
                       std::string(message.reply) + '|' + std::string(message.sizes) + '|' +
                       std::to_string(message.headerSize) + '|' + std::string(message.payload) +
                       ')';
    const std::string reply = message.reply.empty() ? "" : std::string(message.reply) + ' ';
    const std::string tail =
        reply + std::string(message.sizes) + "\r\n" + std::string(message.payload) + "\r\n";
    if (!message.tail.empty() && message.tail != tail) {
        text += " with a wrong tail: " + std::string(message.tail);
    }
    if (message.block != nullptr &&
        (message.payload.data() != message.block->data() ||
         message.payload.size() + 2 != message.block->size() ||
         std::memcmp(message.payload.data() + message.payload.size(), "\r\n", 2) != 0)) {
        text += " with a wrong block";
    }
    return text;
}

std::string textOf(Event event, const Op& op) {
    const auto words = [&op](std::string text) {
        for (std::size_t i = 0; i < op.wordCount; ++i) {
            text.append(i == 0 ? "(" : "|").append(op.words[i]);
        }
        return text + ')';
    };
    switch (event) {
        case Event::needMore:
            return "";
        case Event::publish:
            return textOf(op.message);
        case Event::subscribe:
            return words("sub");
        case Event::unsubscribe:
            return words("unsub");
        case Event::connect:
            return "connect(" + std::string(op.args) + ')';
        case Event::info:
            return "info(" + std::string(op.args) + ')';
        case Event::error:
            return "error(" + std::string(op.args) + ')';
        case Event::ping:
            return "ping";
        case Event::pong:
            return "pong";
        case Event::ok:
            return "ok";
        case Event::failed:
            return "failed(" + std::to_string(static_cast<int>(op.failure.error)) + '|' +
                   std::to_string(static_cast<int>(op.failure.reason)) + '|' +
                   (op.failure.tell ? "tell|" : "|") + std::to_string(op.failure.size) + ')';
    }
    return "?";
}

enum class Reading { plain, direct };

/// Feeds pieces as a connection does and collects what comes out of them.
class Feeder {
public:
    explicit Feeder(const Limits& limits, bool headers = true) : parser_(limits) {
        parser_.allowHeaders(headers);
    }

    void feed(std::string_view piece, Reading reading) {
        if (reading == Reading::direct) {
            const std::span<char> space = parser_.directSpace();
            const std::size_t placed = std::min(space.size(), piece.size());
            std::copy_n(piece.data(), placed, space.data());
            if (placed > 0) {
                parser_.filled(placed);
            }
            piece.remove_prefix(placed);
        }
        // A copy of exactly this size: reading past it is seen by the address sanitizer.
        const std::vector<char> bytes(piece.begin(), piece.end());
        std::string_view in(bytes.data(), bytes.size());
        Op op;
        while (!failed_) {
            const Event event = parser_.next(in, op);
            if (event == Event::needMore) {
                CPPUNIT_ASSERT_MESSAGE("input is left over", in.empty());
                return;
            }
            text_ += textOf(event, op) + '\n';
            failed_ = event == Event::failed;
        }
    }

    const std::string& text() const noexcept { return text_; }
    Parser& parser() noexcept { return parser_; }

private:
    Parser parser_;
    std::string text_;
    bool failed_ = false;
};

Limits small() {
    Limits limits;
    limits.maxControlLine = 40;
    limits.maxPayload = 1000;
    return limits;
}

std::string parsed(const std::string& input, const std::vector<std::size_t>& cuts,
                   Reading reading) {
    static const Limits kLimits = small();
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

class ParserTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ParserTest);
    CPPUNIT_TEST(operationsAreTakenApart);
    CPPUNIT_TEST(failuresNameErrorAndReason);
    CPPUNIT_TEST(oneCutAnywhereChangesNothing);
    CPPUNIT_TEST(twoCutsAnywhereChangeNothing);
    CPPUNIT_TEST(byteByByteChangesNothing);
    CPPUNIT_TEST(randomOperationsComeBackAsTheyWereMade);
    CPPUNIT_TEST(wholeMessagesAreViewsOfTheInput);
    CPPUNIT_TEST(largePayloadsAreReadWhereTheyStay);
    CPPUNIT_TEST(nothingIsHeldBetweenMessages);
    CPPUNIT_TEST(headersNeedPermission);
    CPPUNIT_TEST_SUITE_END();

    // CP-1 to CP-9
    void operationsAreTakenApart() {
        CPPUNIT_ASSERT_EQUAL(std::string("message(a||5|0|hello)\nping\n"),
                             parsed(inputs().at(0), {}, Reading::plain));
        CPPUNIT_ASSERT_EQUAL(std::string("message(a|b|007|0|1234567)\nsub(a|1)\n"),
                             parsed(inputs().at(3), {}, Reading::plain));
        CPPUNIT_ASSERT_EQUAL(std::string("message(a||2 4|2|hhpp)\n"
                                         "message(a|r|12 13|12|NATS/1.0\r\n\r\n!)\n"
                                         "message(a||2|0|ok)\n"
                                         "message(a||2 4|2|xxyy)\n"),
                             parsed(inputs().at(4), {}, Reading::plain));
        CPPUNIT_ASSERT_EQUAL(std::string("sub(a|1)\nsub(a|q|2)\nsub(a|b|3)\nunsub(1)\nunsub(1|5)\n"
                                         "sub(fo|o|1)\nunsub(1|2)\n"),
                             parsed(inputs().at(5), {}, Reading::plain));
        CPPUNIT_ASSERT_EQUAL(std::string("connect({\"a\":1})\nconnect({})\nconnect(x)\ninfo({})\n"
                                         "info()\nconnect()\n"),
                             parsed(inputs().at(6), {}, Reading::plain));
        CPPUNIT_ASSERT_EQUAL(
            std::string("ping\npong\nok\nping\nping\nok\npong\nerror('a b')\nerror(x)\n"),
            parsed(inputs().at(7), {}, Reading::plain));
    }

    // CP-13, CP-43, CP-44, CP-161
    void failuresNameErrorAndReason() {
        const auto failure = [](const std::string& input) {
            static const Limits kLimits = small();
            Parser parser(kLimits);
            Op op;
            std::string_view in(input);
            CPPUNIT_ASSERT_MESSAGE(input, parser.next(in, op) == Event::failed);
            return op.failure;
        };
        const auto is = [](const ParseFailure& got, ProtocolError error, CloseReason reason) {
            return got.error == error && got.reason == reason;
        };

        CPPUNIT_ASSERT(is(failure("ZZZ\r\n"), ProtocolError::unknownOperation,
                          CloseReason::protocolViolation));
        CPPUNIT_ASSERT(
            is(failure("SUB a\r\n"), ProtocolError::parserError, CloseReason::protocolViolation));
        CPPUNIT_ASSERT(is(failure("PUB a 1001\r\n"), ProtocolError::maxPayload,
                          CloseReason::maxPayloadExceeded));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1001}, failure("PUB a 1001\r\n").size);
        CPPUNIT_ASSERT(is(failure("PUB a 1234567890\r\n"), ProtocolError::maxPayload,
                          CloseReason::maxPayloadExceeded));
        CPPUNIT_ASSERT(is(failure("SUB " + std::string(41, 'a')), ProtocolError::maxControlLine,
                          CloseReason::maxControlLineExceeded));
        CPPUNIT_ASSERT(is(failure("HPUB a 1 1\r\n"), ProtocolError::parserError,
                          CloseReason::messageHeaderViolation));
        CPPUNIT_ASSERT(!failure("HPUB a 1 1\r\n").tell);
        CPPUNIT_ASSERT_EQUAL(std::string_view("processSub"), failure("SUB a\r\n").what);
        CPPUNIT_ASSERT_EQUAL(std::string("a b c d e"),
                             std::string(failure("PUB a b c d e\r\n").seen));
    }

    // CP-10
    void oneCutAnywhereChangesNothing() {
        for (const std::string& input : inputs()) {
            const std::string expected = parsed(input, {}, Reading::plain);
            for (std::size_t cut = 0; cut <= input.size(); ++cut) {
                compare(input, {cut}, expected);
            }
        }
    }

    // CP-10
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

    // CP-10
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

    void wholeMessagesAreViewsOfTheInput() {
        static const Limits kLimits;
        Parser parser(kLimits);
        const std::string input =
            "PUB a.b c 5\r\nhello\r\nPUB a.b c 5\r\nworld\r\n" + std::string(100, 'P');
        std::string_view in(input);
        Op op;

        for (const std::size_t start : {0U, 20U}) {
            CPPUNIT_ASSERT(parser.next(in, op) == Event::publish);
            CPPUNIT_ASSERT(op.message.subject.data() == input.data() + start + 4);
            CPPUNIT_ASSERT(op.message.reply.data() == input.data() + start + 8);
            CPPUNIT_ASSERT(op.message.payload.data() == input.data() + start + 13);
            CPPUNIT_ASSERT(op.message.tail.data() == op.message.reply.data());
            CPPUNIT_ASSERT(op.message.block == nullptr);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, parser.held());
    }

    void largePayloadsAreReadWhereTheyStay() {
        static const Limits kLimits;
        Feeder feeder(kLimits);
        const std::string payload(100'000, 'x');

        feeder.feed("PUB a 100000\r\nxxx", Reading::plain);
        Parser& parser = feeder.parser();
        const std::span<char> space = parser.directSpace();
        CPPUNIT_ASSERT_EQUAL(payload.size() - 3, space.size());  // never the CRLF
        std::fill_n(space.begin(), 40'000, 'x');
        parser.filled(40'000);
        CPPUNIT_ASSERT(parser.directSpace().data() == space.data() + 40'000);
        std::fill_n(parser.directSpace().begin(), parser.directSpace().size(), 'x');
        parser.filled(parser.directSpace().size());
        CPPUNIT_ASSERT(parser.directSpace().empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), feeder.text());
        feeder.feed("\r\nPING\r\n", Reading::plain);

        CPPUNIT_ASSERT_EQUAL("message(a||100000|0|" + payload + ")\nping\n", feeder.text());
    }

    void nothingIsHeldBetweenMessages() {
        static const Limits kLimits;
        Feeder feeder(kLimits);

        feeder.feed("PUB a 100000\r\nxxx", Reading::plain);
        CPPUNIT_ASSERT(feeder.parser().held() > 0);
        feeder.feed(std::string(99'997, 'x') + "\r\nPING\r\n", Reading::plain);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, feeder.parser().held());
        feeder.feed("SUB a", Reading::plain);
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, feeder.parser().held());
        feeder.feed(" 1\r\nPING", Reading::plain);
        feeder.feed(" and so on", Reading::plain);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, feeder.parser().held());
    }

    // CP-42
    void headersNeedPermission() {
        static const Limits kLimits;
        Parser parser(kLimits);
        const std::string input = "HPUB a 2 4\r\nhhpp\r\n";
        Op op;

        parser.allowHeaders(true);
        std::string_view in(input);
        CPPUNIT_ASSERT(parser.next(in, op) == Event::publish);
        parser.allowHeaders(false);
        in = input;
        Op other;
        CPPUNIT_ASSERT(parser.next(in, other) == Event::failed);
        CPPUNIT_ASSERT(other.failure.reason == CloseReason::messageHeaderViolation);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ParserTest);

}  // namespace gnatsd::kernel
