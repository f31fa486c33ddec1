#include "transports/reactor/Coalescing.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstddef>

namespace gnatsd::reactor {

namespace {

using Nanos = Coalescing::Nanos;

/// A sender with a rate for each wait; the wire brings what it sent in the meantime.
class Sender {
public:
    Sender(double shortRate, double longRate) : shortRate_(shortRate), longRate_(longRate) {
        coalescing_.begin(now_);
    }

    void run(Nanos time) {
        for (const Nanos end = now_ + time; now_ < end;) {
            const Nanos wait = coalescing_.wait();
            const bool isLong = wait > Coalescing::kShortWait;
            const Nanos taken = wait + Nanos{50'000};
            now_ += taken;
            (isLong ? longTime_ : shortTime_) += taken;
            const double bytes =
                static_cast<double>(taken.count()) * (isLong ? longRate_ : shortRate_);
            coalescing_.afterRead(static_cast<std::size_t>(bytes), now_);
        }
    }

    void pause(Nanos time) {
        now_ += time;
        coalescing_.begin(now_);
    }

    double shareOfLong() const {
        const auto isLong = static_cast<double>(longTime_.count());
        return isLong / (isLong + static_cast<double>(shortTime_.count()));
    }
    Nanos longTime() const noexcept { return longTime_; }
    void forget() noexcept { shortTime_ = longTime_ = Nanos{0}; }
    const Coalescing& coalescing() const noexcept { return coalescing_; }

private:
    Coalescing coalescing_;
    double shortRate_;
    double longRate_;
    Nanos now_{1'000'000'000};
    Nanos shortTime_{0};
    Nanos longTime_{0};
};

constexpr Nanos kSecond{1'000'000'000};

}  // namespace

class CoalescingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CoalescingTest);
    CPPUNIT_TEST(beginsWithTheShortWait);
    CPPUNIT_TEST(senderThatGainsGetsBothInTurns);
    CPPUNIT_TEST(senderThatDoesNotGainRarelyWaitsLong);
    CPPUNIT_TEST(smallGainIsNotEnough);
    CPPUNIT_TEST(anotherStreamMeasuresAnew);
    CPPUNIT_TEST_SUITE_END();

    void beginsWithTheShortWait() {
        const Sender sender(1, 1);

        CPPUNIT_ASSERT(sender.coalescing().wait() == Coalescing::kShortWait);
    }

    void senderThatGainsGetsBothInTurns() {
        Sender sender(0.04, 0.12);

        sender.run(kSecond);

        CPPUNIT_ASSERT(sender.shareOfLong() > 0.4);
        CPPUNIT_ASSERT(sender.shareOfLong() < 0.7);
    }

    // The 99th percentile of a paced stream must not show the trials.
    void senderThatDoesNotGainRarelyWaitsLong() {
        Sender sender(0.04, 0.04);

        sender.run(10 * kSecond);
        CPPUNIT_ASSERT(sender.longTime() > Nanos{0});
        CPPUNIT_ASSERT(sender.shareOfLong() < 0.005);

        sender.forget();
        sender.run(200 * kSecond);
        CPPUNIT_ASSERT(sender.longTime() > Nanos{0});
        CPPUNIT_ASSERT(sender.shareOfLong() < 0.0005);
    }

    void smallGainIsNotEnough() {
        Sender sender(0.04, 0.045);

        sender.run(10 * kSecond);

        CPPUNIT_ASSERT(sender.shareOfLong() < 0.005);
    }

    // A pause is not counted as time in which little came.
    void anotherStreamMeasuresAnew() {
        Sender sender(0.04, 0.04);
        sender.run(Nanos{2'000'000});

        sender.pause(kSecond);
        sender.run(Nanos{3'000'000});

        CPPUNIT_ASSERT(sender.coalescing().wait() == Coalescing::kShortWait);
        sender.run(10 * kSecond);
        CPPUNIT_ASSERT(sender.shareOfLong() < 0.005);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CoalescingTest);

}  // namespace gnatsd::reactor
