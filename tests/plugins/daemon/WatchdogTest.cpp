#include "plugins/host/daemon/Watchdog.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/daemon/NotifyReceiver.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace gnatsd::tests {

using host::Notify;
using host::Watchdog;
using std::chrono::microseconds;
using std::chrono::milliseconds;

class WatchdogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WatchdogTest);
    CPPUNIT_TEST(aSignFollowsWhenEveryReactorHasAnswered);
    CPPUNIT_TEST(aReactorThatHangsEndsTheSigns);
    CPPUNIT_TEST(aLateAnswerStillCounts);
    CPPUNIT_TEST(nobodyWatchesNobodyIsAsked);
    CPPUNIT_TEST_SUITE_END();

private:
    static constexpr std::size_t kReactors = 3;
    static constexpr microseconds kTimeout{20'000};
    static constexpr milliseconds kSilence{60};

    Watchdog::Probed probed() {
        return {kReactors, [this](std::size_t index, Watchdog::Task task) {
                    tasks_.emplace_back(index, std::move(task));
                }};
    }

    /// Runs what was posted, except to one reactor; answers how many tasks that were.
    std::size_t answer(std::size_t except = kReactors) {
        std::vector<std::pair<std::size_t, Watchdog::Task>> tasks = std::exchange(tasks_, {});
        std::size_t count = 0;
        for (auto& [index, task] : tasks) {
            if (index == except) {
                tasks_.emplace_back(index, std::move(task));
            } else {
                task();
                ++count;
            }
        }
        return count;
    }

    /// Looks until a round has begun that was not there before.
    bool nextRound(Watchdog& dog) {
        const std::size_t before = tasks_.size();
        return waitFor([&] {
            dog.look();
            return tasks_.size() > before;
        });
    }

    void aSignFollowsWhenEveryReactorHasAnswered() {
        Watchdog dog(kTimeout, notify_, probed(), [this] { ++wakes_; });
        CPPUNIT_ASSERT(kTimeout / 2 == dog.start());

        for (int round = 1; round <= 3; ++round) {
            CPPUNIT_ASSERT_EQUAL(kReactors, answer());
            CPPUNIT_ASSERT_EQUAL(round, wakes_);
            dog.look();
            CPPUNIT_ASSERT_EQUAL(std::string("WATCHDOG=1\n"), receiver_.next());
            CPPUNIT_ASSERT(nextRound(dog));
            CPPUNIT_ASSERT_EQUAL(std::string(), receiver_.next(milliseconds(0)));
        }
    }

    void aReactorThatHangsEndsTheSigns() {
        Watchdog dog(kTimeout, notify_, probed(), [this] { ++wakes_; });
        dog.start();
        answer();
        dog.look();
        CPPUNIT_ASSERT_EQUAL(std::string("WATCHDOG=1\n"), receiver_.next());
        CPPUNIT_ASSERT(nextRound(dog));

        CPPUNIT_ASSERT_EQUAL(kReactors - 1, answer(1));
        const auto end = std::chrono::steady_clock::now() + kSilence;
        CPPUNIT_ASSERT(waitFor([&] {
            dog.look();
            return std::chrono::steady_clock::now() > end;
        }));
        CPPUNIT_ASSERT_EQUAL(std::string(), receiver_.next(milliseconds(0)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, tasks_.size());
        CPPUNIT_ASSERT_EQUAL(1, wakes_);
    }

    void aLateAnswerStillCounts() {
        Watchdog dog(kTimeout, notify_, probed(), [this] { ++wakes_; });
        dog.start();
        answer(2);
        dog.look();
        CPPUNIT_ASSERT_EQUAL(std::string(), receiver_.next(milliseconds(0)));

        answer();
        dog.look();
        CPPUNIT_ASSERT_EQUAL(std::string("WATCHDOG=1\n"), receiver_.next());
    }

    void nobodyWatchesNobodyIsAsked() {
        Watchdog dog(microseconds(0), notify_, probed(), [this] { ++wakes_; });

        CPPUNIT_ASSERT(microseconds(0) == dog.start());
        dog.look();
        CPPUNIT_ASSERT(tasks_.empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), receiver_.next(milliseconds(0)));
    }

    TempFolder folder_;
    RecordingLog log_;
    NotifyReceiver receiver_{folder_.file("notify")};
    Notify notify_{{folder_.file("notify"), {}}, log_};
    std::vector<std::pair<std::size_t, Watchdog::Task>> tasks_;
    int wakes_ = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(WatchdogTest);

}  // namespace gnatsd::tests
