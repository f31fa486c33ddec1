#include "kernel/Parser.h"
#include "tests/kernel/ParserFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace gnatsd::kernel {

namespace {

std::string parsed(const std::string& input) {
    static const Limits kLimits = smallLimits();
    Feeder feeder(kLimits);
    feeder.feed(input, Reading::plain);
    return feeder.text();
}

}  // namespace

class ParserTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ParserTest);
    CPPUNIT_TEST(operationsAreTakenApart);
    CPPUNIT_TEST(failuresNameErrorAndReason);
    CPPUNIT_TEST(wholeMessagesAreViewsOfTheInput);
    CPPUNIT_TEST(largePayloadsAreReadWhereTheyStay);
    CPPUNIT_TEST(nothingIsHeldBetweenMessages);
    CPPUNIT_TEST(headersNeedPermission);
    CPPUNIT_TEST_SUITE_END();

    // CP-1 to CP-9
    void operationsAreTakenApart() {
        CPPUNIT_ASSERT_EQUAL(std::string("message(a||5|0|hello)\nping\n"),
                             parsed("PUB a 5\r\nhello\r\nPING\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("message(a|b|007|0|1234567)\nsub(a|1)\n"),
                             parsed("PUB \t a \t  b\t\t 007 \t\r\n1234567\r\nSUB a 1\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("message(a||2 4|2|hhpp)\n"
                        "message(a|r|12 13|12|NATS/1.0\r\n\r\n!)\n"
                        "message(a||2|0|ok)\n"),
            parsed("HPUB a 2 4\r\nhhpp\r\nHPUB a r 12  13 \r\nNATS/1.0\r\n\r\n!\r\n"
                   "HPUB a 0 2\r\nok\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("sub(a|1)\nsub(a|q|2)\nsub(a|b|3)\nunsub(1)\nunsub(1|5)\n"
                                         "sub(fo|o|1)\nunsub(1|2)\n"),
                             parsed("SUB a 1\r\nSUB a q 2\nSUB\ta\tb\t3 \r\r\nUNSUB 1\r\n"
                                    "UNSUB 1 5\r\nsub fo\ro 1\r\nunsub 1\r2\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("connect({\"a\":1})\nconnect({})\nconnect(x)\ninfo({})\n"
                                         "info()\nconnect()\n"),
                             parsed("CONNECT {\"a\":1}\r\nconnect{}\r\nCONNECT \t x \t\r\n"
                                    "INFO {}\r\ninfo\r\nCONNECT\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("ping\npong\nok\nping\nping\nok\npong\nerror('a b')\nerror(x)\n"),
            parsed("PING\nPONG\r\n+OK\r\nping xyz\r  \nPINGPING\r\n+ok then\r\nPONGpong\n"
                   "-ERR 'a b'\r\n-err\tx\n"));
    }

    // CP-13, CP-43, CP-44, CP-161
    void failuresNameErrorAndReason() {
        const auto failure = [](const std::string& input) {
            static const Limits kLimits = smallLimits();
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
