// Tests of what gnatsd-bench notices: lost, repeated, swapped and surplus messages, however the
// stream is cut.

#include "tests/bench/Error.h"
#include "tests/bench/FrameRing.h"
#include "tests/bench/Group.h"
#include "tests/bench/MessageScanner.h"
#include "tests/bench/OrderCheck.h"
#include "tests/bench/SubjectSet.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace gnatsd::bench {

namespace {

std::string message(const std::string& subject, const std::string& sid, std::uint64_t word,
                    std::size_t size = 16) {
    std::string payload(size, 'x');
    if (size >= sizeof word) {
        std::memcpy(payload.data(), &word, sizeof word);
    }
    return "MSG " + subject + " " + sid + " " + std::to_string(size) + "\r\n" + payload + "\r\n";
}

/// Splits "a.b.c" and compares token by token: the plain way to match.
bool matchesPlainly(const std::string& pattern, const std::string& subject) {
    std::istringstream patterns(pattern);
    std::istringstream subjects(subject);
    std::string want;
    std::string have;
    while (std::getline(patterns, want, '.')) {
        if (!std::getline(subjects, have, '.')) {
            return false;
        }
        if (want == ">") {
            return true;
        }
        if (want != "*" && want != have) {
            return false;
        }
    }
    return !std::getline(subjects, have, '.');
}

}  // namespace

class OrderCheckTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OrderCheckTest);
    CPPUNIT_TEST(publishersAreCheckedEachForItself);
    CPPUNIT_TEST(lostRepeatedAndSwappedOnesAreRefused);
    CPPUNIT_TEST(aLateSubscriberTakesUpWhereItIs);
    CPPUNIT_TEST(aQueueGroupMustShareAllOfIt);
    CPPUNIT_TEST(overlappingSubscriptionsRepeat);
    CPPUNIT_TEST_SUITE_END();

    void publishersAreCheckedEachForItself() {
        OrderCheck order(OrderCheck::Kind::exact);
        for (const std::uint64_t word :
             {makeWord(3, 0), makeWord(0, 0), makeWord(3, 1), makeWord(0, 1)}) {
            CPPUNIT_ASSERT(order.accept(word));
        }
    }

    void lostRepeatedAndSwappedOnesAreRefused() {
        for (const std::uint64_t wrong : {0, 1, 3}) {
            OrderCheck order(OrderCheck::Kind::exact);
            order.accept(makeWord(0, 0));
            order.accept(makeWord(0, 1));
            CPPUNIT_ASSERT_MESSAGE(std::to_string(wrong), !order.accept(makeWord(0, wrong)));
            CPPUNIT_ASSERT_EQUAL(
                "message " + std::to_string(wrong) + " of publisher 0 came where 2 was next",
                order.problem());
        }
    }

    void aLateSubscriberTakesUpWhereItIs() {
        OrderCheck order(OrderCheck::Kind::exact, true);
        CPPUNIT_ASSERT(order.accept(makeWord(1, 500)));
        CPPUNIT_ASSERT(order.accept(makeWord(1, 501)));
        CPPUNIT_ASSERT(!order.accept(makeWord(1, 503)));
    }

    void aQueueGroupMustShareAllOfIt() {
        OrderCheck even(OrderCheck::Kind::increasing);
        OrderCheck odd(OrderCheck::Kind::increasing);
        for (std::uint64_t i = 0; i < 1000; ++i) {
            CPPUNIT_ASSERT((i % 2 == 0 ? even : odd).accept(makeWord(0, i)));
        }
        CPPUNIT_ASSERT(checkShared({&even, &odd}, {1000}).empty());
        CPPUNIT_ASSERT_EQUAL(std::string("of publisher 0, 1 messages came to no member and 0 to "
                                         "more than one"),
                             checkShared({&even, &odd}, {1001}).front());
        odd.accept(makeWord(0, 1002));
        even.accept(makeWord(0, 1002));
        CPPUNIT_ASSERT_EQUAL(std::string("of publisher 0, 2 messages came to no member and 1 to "
                                         "more than one"),
                             checkShared({&even, &odd}, {1003}).front());
        CPPUNIT_ASSERT(!even.accept(makeWord(0, 998)));
    }

    void overlappingSubscriptionsRepeat() {
        const std::vector<std::uint8_t> copies = {1, 3};
        OrderCheck order(OrderCheck::Kind::repeating);
        order.setCopies(copies);
        for (const std::uint64_t number : {0, 1, 1, 1, 2, 3, 3}) {
            CPPUNIT_ASSERT_MESSAGE(std::to_string(number), order.accept(makeWord(0, number)));
        }
        CPPUNIT_ASSERT(!order.accept(makeWord(0, 4)));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OrderCheckTest);

class MessageScannerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessageScannerTest);
    CPPUNIT_TEST(everySplitGivesTheSameCount);
    CPPUNIT_TEST(everySplitFindsTheLostMessage);
    CPPUNIT_TEST(errorsOfTheServerAreReported);
    CPPUNIT_TEST_SUITE_END();

    static MessageScanner makeScanner() {
        MessageScanner scanner(OrderCheck(OrderCheck::Kind::exact), "s");
        scanner.predict({{"a.0", "10"}, {"a.1", "11"}}, 16);
        return scanner;
    }

    static std::string stream() {
        return "INFO {}\r\n" + message("a.0", "10", 0) + message("a.1", "11", 1) + "PING\r\n" +
               message("a.0", "10", 2) + message("odd", "7 _INBOX", 3, 40) +
               message("b", "1", 0, 3) + "PONG\r\n" + message("a.0", "10", 4);
    }

    static void feed(MessageScanner& scanner, const std::string& bytes, std::size_t cut) {
        std::string rest(scanner.scan(bytes.substr(0, cut)));
        rest = scanner.scan(rest + bytes.substr(cut));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(cut), std::string(), rest);
    }

    void everySplitGivesTheSameCount() {
        const std::string bytes = stream();
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            MessageScanner scanner = makeScanner();
            feed(scanner, bytes, cut);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(cut), std::uint64_t{6}, scanner.received());
            CPPUNIT_ASSERT_EQUAL(1U, scanner.takePings());
            CPPUNIT_ASSERT_EQUAL(1U, scanner.takePongs());
        }
    }

    void everySplitFindsTheLostMessage() {
        const std::string bytes = message("a.0", "10", 0) + message("a.1", "11", 2);
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            MessageScanner scanner = makeScanner();
            CPPUNIT_ASSERT_THROW_MESSAGE(std::to_string(cut), feed(scanner, bytes, cut),
                                         ServerError);
        }
    }

    void errorsOfTheServerAreReported() {
        for (const char* bytes :
             {"-ERR 'Slow Consumer'\r\n", "HELLO\r\n", "MSG a 1 x\r\n", "MSG a 1 -2\r\n"}) {
            MessageScanner scanner = makeScanner();
            CPPUNIT_ASSERT_THROW_MESSAGE(bytes, scanner.scan(bytes), ServerError);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MessageScannerTest);

class LoadTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LoadTest);
    CPPUNIT_TEST(framesAreNumberedAndTakeTurnsOnTheSubjects);
    CPPUNIT_TEST(smallPayloadsCarryNoNumber);
    CPPUNIT_TEST(theWindowFollowsTheSlowestReceiver);
    CPPUNIT_TEST(aQueueGroupFreesTheWindowTogether);
    CPPUNIT_TEST(subjectSetsMatchAsThePlainMatcherSays);
    CPPUNIT_TEST_SUITE_END();

    static std::string publication(const std::string& subject, std::uint64_t word) {
        std::string payload(16, 'x');
        std::memcpy(payload.data(), &word, sizeof word);
        return std::string("PUB ").append(subject).append(" 16\r\n").append(payload) + "\r\n";
    }

    void framesAreNumberedAndTakeTurnsOnTheSubjects() {
        const std::vector<std::string> subjects = {"a.0", "a.1", "a.2"};
        FrameRing ring(subjects, 16, 5, 1000);
        std::string sent;
        std::string expected;
        for (std::uint64_t next = 0; next < 100;) {
            std::uint64_t count = next % 7 + 1;
            sent += ring.fill(next, count);
            CPPUNIT_ASSERT(count >= 1);
            next += count;
            while (expected.size() < sent.size()) {
                const std::uint64_t number = expected.size() / ring.frameLength();
                expected += publication(subjects[number % 3], makeWord(5, number));
            }
        }
        CPPUNIT_ASSERT(expected == sent);
    }

    void smallPayloadsCarryNoNumber() {
        FrameRing ring({"a"}, 7, 5, 1);
        std::uint64_t count = 10;
        CPPUNIT_ASSERT_EQUAL(std::string("PUB a 7\r\nxxxxxxx\r\n"),
                             std::string(ring.fill(3, count)));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, count);
    }

    void theWindowFollowsTheSlowestReceiver() {
        RunState state;
        Group group(Delivery::all, 2, 100, state);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{60}, group.claim(60));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{40}, group.claim(60));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, group.claim(60));
        group.setReceived(0, 100);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, group.claim(60));
        CPPUNIT_ASSERT(group.wakeWhenRoom());
        group.setReceived(1, 30);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{30}, group.claim(60));
        group.setReceived(1, 100);
        CPPUNIT_ASSERT(!group.wakeWhenRoom());
    }

    void aQueueGroupFreesTheWindowTogether() {
        RunState state;
        Group group(Delivery::shared, 2, 100, state);
        group.claim(100);
        group.setReceived(0, 30);
        group.setReceived(1, 20);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{50}, group.claim(100));
    }

    void subjectSetsMatchAsThePlainMatcherSays() {
        const SubjectSet subjects("m", 3000, 0.3, 11);
        std::set<std::string> all;
        for (std::size_t i = 0; i < subjects.size(); ++i) {
            all.insert(subjects.subscription(i));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{3000}, all.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2100}, subjects.literals());
        for (std::size_t i = 0; i < subjects.literals(); ++i) {
            unsigned matches = 0;
            for (const std::string& pattern : all) {
                matches += matchesPlainly(pattern, subjects.literal(i)) ? 1 : 0;
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(subjects.literal(i), matches,
                                         unsigned{subjects.matches(i)});
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoadTest);

}  // namespace gnatsd::bench
