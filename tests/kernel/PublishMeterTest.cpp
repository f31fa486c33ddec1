#include "kernel/PublishMeter.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdint>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

class PublishMeterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PublishMeterTest);
    CPPUNIT_TEST(isOffByDefault);
    CPPUNIT_TEST(burstGoesAtOnceThenOneByOne);
    CPPUNIT_TEST(burstOfOneSecondByDefault);
    CPPUNIT_TEST(debtIsPaid);
    CPPUNIT_TEST(rateHoldsInTheLongRun);
    CPPUNIT_TEST(pauseFillsTheBucketAndNoMore);
    CPPUNIT_TEST(newLimitsKeepWhatWasSpent);
    CPPUNIT_TEST_SUITE_END();

    using Time = PublishMeter::Time;
    static constexpr Time kStart{1000s};

    static PublishMeter meter(std::uint32_t rate, std::uint32_t burst) {
        PublishMeter made;
        SessionLimits limits;
        limits.publishRate = rate;
        limits.publishBurst = burst;
        made.set(limits);
        return made;
    }

    void isOffByDefault() {
        CPPUNIT_ASSERT(!PublishMeter().on());
        CPPUNIT_ASSERT(!meter(0, 5).on());
        CPPUNIT_ASSERT(meter(1, 0).on());
    }

    void burstGoesAtOnceThenOneByOne() {
        PublishMeter some = meter(10, 3);

        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(some.wait(kStart) == 0s);
            some.spend(1, kStart);
        }
        CPPUNIT_ASSERT(some.wait(kStart) == 100ms);
        CPPUNIT_ASSERT(some.wait(kStart + 99ms) == 1ms);
        CPPUNIT_ASSERT(some.wait(kStart + 100ms) == 0s);
    }

    void burstOfOneSecondByDefault() {
        PublishMeter some = meter(50, 0);

        some.spend(49, kStart);
        CPPUNIT_ASSERT(some.wait(kStart) == 0s);
        some.spend(1, kStart);
        CPPUNIT_ASSERT(some.wait(kStart) == 20ms);
    }

    void debtIsPaid() {
        PublishMeter some = meter(10, 1);

        some.spend(11, kStart);

        CPPUNIT_ASSERT(some.wait(kStart) == 1100ms);
    }

    void rateHoldsInTheLongRun() {
        PublishMeter some = meter(7, 1);
        Time now = kStart;
        int messages = 0;
        for (; now < kStart + 100s; ++messages) {
            now += some.wait(now);
            some.spend(1, now);
        }

        CPPUNIT_ASSERT(messages >= 700 && messages <= 702);
    }

    void pauseFillsTheBucketAndNoMore() {
        PublishMeter some = meter(10, 2);
        some.spend(2, kStart);

        some.spend(2, kStart + 1h);

        CPPUNIT_ASSERT(some.wait(kStart + 1h) == 100ms);
    }

    void newLimitsKeepWhatWasSpent() {
        PublishMeter some = meter(10, 1);
        some.spend(1, kStart);
        SessionLimits faster;
        faster.publishRate = 20;
        faster.publishBurst = 1;

        some.set(faster);

        CPPUNIT_ASSERT(some.on());
        CPPUNIT_ASSERT(some.wait(kStart) == 100ms);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PublishMeterTest);

}  // namespace gnatsd::kernel
