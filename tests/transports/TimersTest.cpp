#include "tests/support/Random.h"
#include "transports/reactor/Timers.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace gnatsd::reactor {

using namespace std::chrono_literals;

namespace {

const Clock::time_point kStart{1000s};
constexpr Clock::time_point kNever = Clock::time_point::max();

class Alarm final : public Timed {
public:
    Clock::time_point onTimer(Clock::time_point now) override {
        strikes.push_back(now);
        return onStrike ? onStrike(now) : kNever;
    }

    std::function<Clock::time_point(Clock::time_point)> onStrike;
    std::vector<Clock::time_point> strikes;
};

}  // namespace

class TimersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TimersTest);
    CPPUNIT_TEST(deadlineStrikesAtTheEndOfItsTick);
    CPPUNIT_TEST(anotherDeadlineReplacesTheFirst);
    CPPUNIT_TEST(cancelledDeadlineDoesNotStrike);
    CPPUNIT_TEST(answerOfAStrikeIsTheNextDeadline);
    CPPUNIT_TEST(strikeMayScheduleAndCancelOthers);
    CPPUNIT_TEST(deadlineInThePastStrikesAtTheNextTick);
    CPPUNIT_TEST(deadlinesBeyondTheWheelStrikeOnce);
    CPPUNIT_TEST(longSleepMissesNothing);
    CPPUNIT_TEST(manyAtOnceTakeTurns);
    CPPUNIT_TEST(whatIsDueCanStillBeCancelled);
    CPPUNIT_TEST(untilNextIsNeverTooLate);
    CPPUNIT_TEST(nothingIsScheduledNothingIsWaitedFor);
    CPPUNIT_TEST(randomDeadlinesStrikeInTime);
    CPPUNIT_TEST_SUITE_END();

    void deadlineStrikesAtTheEndOfItsTick() {
        Timers timers(kStart);
        Alarm alarm;

        timers.schedule(alarm, kStart + 250ms);
        timers.advance(kStart + 250ms);
        CPPUNIT_ASSERT(alarm.strikes.empty());
        timers.advance(kStart + 299ms);
        CPPUNIT_ASSERT(alarm.strikes.empty());
        timers.advance(kStart + 301ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, alarm.strikes.size());
        CPPUNIT_ASSERT(alarm.strikes.front() == kStart + 301ms);
        timers.advance(kStart + 60s);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, alarm.strikes.size());
    }

    void anotherDeadlineReplacesTheFirst() {
        Timers timers(kStart);
        Alarm alarm;

        timers.schedule(alarm, kStart + 200ms);
        timers.schedule(alarm, kStart + 2s);
        timers.advance(kStart + 1s);
        CPPUNIT_ASSERT(alarm.strikes.empty());
        timers.schedule(alarm, kStart + 1200ms);
        timers.advance(kStart + 1400ms);
        timers.advance(kStart + 3s);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, alarm.strikes.size());
    }

    void cancelledDeadlineDoesNotStrike() {
        Timers timers(kStart);
        Alarm first;
        Alarm middle;
        Alarm last;
        for (Alarm* alarm : {&first, &middle, &last}) {
            timers.schedule(*alarm, kStart + 200ms);
        }

        timers.cancel(middle);
        timers.cancel(middle);
        timers.schedule(first, kNever);
        timers.advance(kStart + 1s);

        CPPUNIT_ASSERT(first.strikes.empty());
        CPPUNIT_ASSERT(middle.strikes.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, last.strikes.size());
    }

    void answerOfAStrikeIsTheNextDeadline() {
        Timers timers(kStart);
        Alarm alarm;
        alarm.onStrike = [&](Clock::time_point now) {
            return alarm.strikes.size() < 3 ? now + 1s : kNever;
        };

        timers.schedule(alarm, kStart + 1s);
        for (Clock::time_point now = kStart; now < kStart + 10s; now += 50ms) {
            timers.advance(now);
        }

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, alarm.strikes.size());
        CPPUNIT_ASSERT(alarm.strikes.back() - alarm.strikes.front() < 2400ms);
    }

    void strikeMayScheduleAndCancelOthers() {
        Timers timers(kStart);
        Alarm one;
        Alarm other;
        Alarm third;
        one.onStrike = [&](Clock::time_point now) {
            timers.schedule(other, now + 1s);
            timers.cancel(third);
            return now + 500ms;
        };
        timers.schedule(one, kStart + 100ms);
        timers.schedule(third, kStart + 700ms);

        timers.advance(kStart + 300ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, one.strikes.size());
        one.onStrike = nullptr;
        timers.advance(kStart + 5s);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, one.strikes.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, other.strikes.size());
        CPPUNIT_ASSERT(third.strikes.empty());
    }

    void deadlineInThePastStrikesAtTheNextTick() {
        Timers timers(kStart);
        Alarm alarm;
        timers.advance(kStart + 10s);

        timers.schedule(alarm, kStart + 1s);
        CPPUNIT_ASSERT(timers.untilNext(kStart + 10s) <= 200ms);
        timers.advance(kStart + 10200ms);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, alarm.strikes.size());
    }

    void deadlinesBeyondTheWheelStrikeOnce() {
        Timers timers(kStart);
        Alarm far;
        Alarm near;
        timers.schedule(far, kStart + 10min);
        timers.schedule(near, kStart + 5s);

        for (Clock::time_point now = kStart; now < kStart + 10min; now += 90ms) {
            timers.advance(now);
            CPPUNIT_ASSERT(far.strikes.empty());
        }
        timers.advance(kStart + 10min + 200ms);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, far.strikes.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, near.strikes.size());
    }

    void longSleepMissesNothing() {
        Timers timers(kStart);
        std::vector<std::unique_ptr<Alarm>> alarms;
        for (int i = 0; i < 1000; ++i) {
            alarms.push_back(std::make_unique<Alarm>());
            timers.schedule(*alarms.back(), kStart + i * 137ms);
        }

        timers.advance(kStart + 1h);

        for (const auto& alarm : alarms) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, alarm->strikes.size());
        }
        CPPUNIT_ASSERT(timers.untilNext(kStart + 1h).count() < 0);
    }

    void manyAtOnceTakeTurns() {
        Timers timers(kStart);
        std::vector<Alarm> alarms(100);
        for (Alarm& alarm : alarms) {
            timers.schedule(alarm, kStart + 1s);
        }
        const auto struck = [&] {
            return std::count_if(alarms.begin(), alarms.end(),
                                 [](const Alarm& alarm) { return alarm.strikes.size() == 1; });
        };

        timers.advance(kStart + 1100ms, 30);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{30}, struck());
        CPPUNIT_ASSERT(timers.untilNext(kStart + 1100ms) == 0ns);
        timers.advance(kStart + 1100ms, 30);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{60}, struck());
        timers.advance(kStart + 1300ms, 100);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{100}, struck());
        CPPUNIT_ASSERT(timers.untilNext(kStart + 1300ms) < 0ns);
    }

    void whatIsDueCanStillBeCancelled() {
        Timers timers(kStart);
        std::vector<Alarm> alarms(3);
        for (Alarm& alarm : alarms) {
            timers.schedule(alarm, kStart + 1s);
        }
        timers.advance(kStart + 2s, 1);
        const auto waiting = [](const Alarm& alarm) { return alarm.strikes.empty(); };
        const auto first = std::find_if(alarms.begin(), alarms.end(), waiting);
        const auto second = std::find_if(first + 1, alarms.end(), waiting);

        timers.cancel(*first);
        timers.schedule(*second, kStart + 10s);
        timers.advance(kStart + 3s);
        CPPUNIT_ASSERT(waiting(*first) && waiting(*second));
        timers.advance(kStart + 11s);
        CPPUNIT_ASSERT(waiting(*first));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, second->strikes.size());
    }

    void untilNextIsNeverTooLate() {
        for (const auto delay : {1ms, 99ms, 100ms, 101ms, 1000ms, 51'100ms, 51'300ms, 120'000ms}) {
            Timers timers(kStart);
            Alarm alarm;
            timers.schedule(alarm, kStart + delay);
            Clock::time_point now = kStart;
            int wakes = 0;
            while (alarm.strikes.empty()) {
                const std::chrono::nanoseconds wait = timers.untilNext(now);
                CPPUNIT_ASSERT(wait.count() >= 0);
                now += wait;
                timers.advance(now);
                ++wakes;
                CPPUNIT_ASSERT(wakes < 10);
            }
            CPPUNIT_ASSERT(now >= kStart + delay);
            CPPUNIT_ASSERT(now <= kStart + delay + Timers::kTick);
        }
    }

    void nothingIsScheduledNothingIsWaitedFor() {
        Timers timers(kStart);
        Alarm alarm;

        CPPUNIT_ASSERT(timers.untilNext(kStart).count() < 0);
        timers.schedule(alarm, kStart + 1s);
        CPPUNIT_ASSERT(timers.untilNext(kStart) <= 1100ms);
        timers.cancel(alarm);
        CPPUNIT_ASSERT(timers.untilNext(kStart).count() < 0);
    }

    // Model: each strikes within one tick after its deadline, seen by someone who sleeps as told.
    void randomDeadlinesStrikeInTime() {
        tests::Random random;
        Timers timers(kStart);
        std::vector<std::pair<std::unique_ptr<Alarm>, Clock::time_point>> alarms;
        for (int i = 0; i < 300; ++i) {
            alarms.emplace_back(std::make_unique<Alarm>(),
                                kStart + std::chrono::milliseconds(1 + random.below(200'000)));
            timers.schedule(*alarms.back().first, alarms.back().second);
        }
        Clock::time_point now = kStart;
        for (std::chrono::nanoseconds wait = timers.untilNext(now); wait.count() >= 0;
             wait = timers.untilNext(now)) {
            now += wait;
            timers.advance(now);
        }
        for (const auto& [alarm, due] : alarms) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed(), std::size_t{1}, alarm->strikes.size());
            CPPUNIT_ASSERT_MESSAGE(random.seed(), alarm->strikes.front() >= due);
            CPPUNIT_ASSERT_MESSAGE(random.seed(), alarm->strikes.front() <= due + Timers::kTick);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TimersTest);

}  // namespace gnatsd::reactor
