#include "transports/reactor/ReadPolicy.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstddef>

namespace gnatsd::reactor {

namespace {

using Nanos = ReadPolicy::Nanos;

constexpr Nanos kShort{20'000};
constexpr std::size_t kSmall = 200;

/// A connection whose reads come at intervals.
class Reader {
public:
    Nanos read(std::size_t size, Nanos since, bool answered = false, std::size_t produced = 0) {
        now_ += since;
        return lastWait_ = policy_.afterRead(size, produced, answered, now_);
    }
    Nanos lastWait() const noexcept { return lastWait_; }

    /// How many small reads at short intervals until the next one is put off; at most `limit`.
    int untilWait(int limit, Nanos since = kShort, std::size_t size = kSmall,
                  bool answered = false) {
        for (int i = 1; i <= limit; ++i) {
            if (read(size, since, answered) > Nanos{0}) {
                return i;
            }
        }
        return 0;
    }

    ReadPolicy& policy() noexcept { return policy_; }

private:
    ReadPolicy policy_;
    Nanos lastWait_{0};
    Nanos now_{1'000'000'000};
};

}  // namespace

class ReadPolicyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReadPolicyTest);
    CPPUNIT_TEST(streamOfSmallReadsIsPutOff);
    CPPUNIT_TEST(fewSmallReadsAreNot);
    CPPUNIT_TEST(whoeverGetsAnswersIsNeverPutOff);
    CPPUNIT_TEST(oneAnswerEndsIt);
    CPPUNIT_TEST(largeReadsAreNotPutOff);
    CPPUNIT_TEST(slowStreamsAreNotPutOff);
    CPPUNIT_TEST(readsAfterAWaitMayBeLater);
    CPPUNIT_TEST(fewGapsOnlyInterruptIt);
    CPPUNIT_TEST(manyGapsEndIt);
    CPPUNIT_TEST(emptyReadsAfterWaitsEndIt);
    CPPUNIT_TEST(waitIsShort);
    CPPUNIT_TEST(lateTimersAreNotGaps);
    CPPUNIT_TEST(fullReadsGrow);
    CPPUNIT_TEST(readsThatAreNotFullDoNotGrow);
    CPPUNIT_TEST(readsThatProduceMuchShrink);
    CPPUNIT_TEST(sizesHaveBounds);
    CPPUNIT_TEST_SUITE_END();

    void streamOfSmallReadsIsPutOff() {
        Reader reader;

        const int first = reader.untilWait(100);

        CPPUNIT_ASSERT(first > 8);
        CPPUNIT_ASSERT_EQUAL(1, reader.untilWait(1));
    }

    void fewSmallReadsAreNot() {
        Reader reader;
        for (int burst = 0; burst < 100; ++burst) {
            reader.read(kSmall, Nanos{10'000'000});
            CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(8));
        }
    }

    // Request/reply must not become slower.
    void whoeverGetsAnswersIsNeverPutOff() {
        Reader reader;

        CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(1000, kShort, kSmall, true));
    }

    void oneAnswerEndsIt() {
        Reader reader;
        CPPUNIT_ASSERT(reader.untilWait(100) > 0);

        CPPUNIT_ASSERT(reader.read(kSmall, kShort, true) == Nanos{0});

        CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(8));
        CPPUNIT_ASSERT(reader.untilWait(100) > 0);
    }

    void largeReadsAreNotPutOff() {
        Reader reader;
        CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(1000, kShort, 10'000));

        CPPUNIT_ASSERT(reader.untilWait(100) > 0);
        for (int i = 0; i < 10; ++i) {
            reader.read(100'000, kShort);
        }
        CPPUNIT_ASSERT(reader.read(100'000, kShort) == Nanos{0});
        CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(8));
    }

    void slowStreamsAreNotPutOff() {
        Reader reader;

        CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(1000, Nanos{200'000}));
    }

    // The wait itself must not look like a pause of the stream.
    void readsAfterAWaitMayBeLater() {
        Reader reader;
        CPPUNIT_ASSERT(reader.untilWait(100) > 0);

        for (int i = 0; i < 50; ++i) {
            CPPUNIT_ASSERT(reader.read(kSmall * 20, Nanos{150'000}) > Nanos{0});
        }
        CPPUNIT_ASSERT(reader.read(kSmall, Nanos{3'000'000}) == Nanos{0});
    }

    // On a busy machine a stream has gaps, too.
    void fewGapsOnlyInterruptIt() {
        Reader reader;
        CPPUNIT_ASSERT(reader.untilWait(100) > 0);

        reader.read(kSmall, Nanos{800'000});

        CPPUNIT_ASSERT(reader.untilWait(6) > 0);
    }

    void manyGapsEndIt() {
        Reader reader;
        CPPUNIT_ASSERT(reader.untilWait(100) > 0);

        for (int i = 0; i < 5; ++i) {
            reader.read(kSmall, Nanos{800'000});
        }

        CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(8));
    }

    void emptyReadsAfterWaitsEndIt() {
        Reader reader;
        CPPUNIT_ASSERT(reader.untilWait(100) > 0);

        for (int i = 0; i < 5; ++i) {
            reader.policy().foundNothing();
        }

        CPPUNIT_ASSERT_EQUAL(0, reader.untilWait(8));
    }

    void waitIsShort() {
        Reader reader;
        for (int i = 0; i < 1000; ++i) {
            CPPUNIT_ASSERT(reader.read(kSmall, kShort) <= Nanos{1'000'000});
        }
    }

    // A timer is late by a part of the wait; the gate must not open and close at that.
    void lateTimersAreNotGaps() {
        Reader reader;
        CPPUNIT_ASSERT(reader.untilWait(100) > 0);
        for (int i = 0; i < 1000; ++i) {
            const Nanos wait = reader.read(kSmall, reader.lastWait() * 2);
            CPPUNIT_ASSERT(wait > Nanos{0});
        }
    }

    void fullReadsGrow() {
        Reader reader;
        std::size_t size = reader.policy().size();

        reader.read(size, kShort, false, size);

        CPPUNIT_ASSERT_EQUAL(2 * size, reader.policy().size());
    }

    void readsThatAreNotFullDoNotGrow() {
        Reader reader;
        const std::size_t size = reader.policy().size();

        for (int i = 0; i < 100; ++i) {
            reader.read(size - 1, kShort);
        }

        CPPUNIT_ASSERT_EQUAL(size, reader.policy().size());
    }

    // What a batch produces must stay in the cache.
    void readsThatProduceMuchShrink() {
        Reader reader;
        for (int i = 0; i < 10; ++i) {
            reader.read(reader.policy().size(), kShort);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{ReadPolicy::kLargest}, reader.policy().size());

        reader.read(reader.policy().size(), kShort, false, std::size_t{100} << 20U);

        CPPUNIT_ASSERT_EQUAL(std::size_t{ReadPolicy::kLargest} / 2, reader.policy().size());
    }

    void sizesHaveBounds() {
        Reader reader;
        for (int i = 0; i < 20; ++i) {
            reader.read(reader.policy().size(), kShort);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{ReadPolicy::kLargest}, reader.policy().size());
        for (int i = 0; i < 20; ++i) {
            reader.read(reader.policy().size(), kShort, false, std::size_t{100} << 20U);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{ReadPolicy::kSmallest}, reader.policy().size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReadPolicyTest);

}  // namespace gnatsd::reactor
