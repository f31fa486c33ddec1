#include "kernel/Sublist.h"
#include "tests/kernel/SublistFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <atomic>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::kernel {

namespace {

constexpr unsigned kOwners = 3;
constexpr unsigned kSubjects = 8;

/// One thread's view: it alone subscribes below its prefix, so it knows what must be found there
/// at any time, whatever the others do.
class Owner {
public:
    Owner(Sublist& list, unsigned id)
        : list_(list), prefix_("t" + std::to_string(id)), random_(id) {}

    void run(unsigned steps) {
        for (unsigned i = 0; i < steps && failure_.empty(); ++i) {
            step();
        }
        while (!mine_.empty() && failure_.empty()) {
            remove();
        }
    }

    const std::string& failure() const { return failure_; }

private:
    struct Cached {
        Ref<MatchResult> result;
        Sublist::Stamp stamp{};
    };

    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

    void step() {
        const unsigned choice = below(10);
        if (choice < 2 && mine_.size() < 40) {
            insert();
        } else if (choice < 4 && !mine_.empty()) {
            remove();
        } else {
            look(below(kSubjects));
        }
    }

    void insert() {
        const unsigned choice = below(kSubjects + 2);
        const std::string pattern =
            prefix_ + (choice < kSubjects ? ".x" + std::to_string(choice)
                                          : std::string(choice == kSubjects ? ".*" : ".>"));
        mine_.push_back(subscribe(list_, pattern, prefix_));
    }

    void remove() {
        std::swap(mine_[below(static_cast<unsigned>(mine_.size()))], mine_.back());
        const Ref<Subscription> victim = mine_.back();
        mine_.pop_back();
        if (!list_.remove(*victim)) {
            failure_ = prefix_ + ": own subscription not found";
        }
    }

    void look(unsigned which) {
        const std::string last = ".x" + std::to_string(which);
        const std::string subject = prefix_ + last;
        Cached& cached = cache_[which];
        const char* how = "cached";
        if (!cached.result || !list_.fresh(subject, cached.stamp)) {
            cached.result = list_.match(subject, cached.stamp);
            how = "matched";
        }
        std::multiset<const Subscription*> expected;
        for (const Ref<Subscription>& one : mine_) {
            const std::string_view rest = one->subject().substr(prefix_.size());
            if (rest == last || rest == ".*" || rest == ".>") {
                expected.insert(one.get());
            }
        }
        std::multiset<const Subscription*> found;
        for (const Ref<Subscription>& one : cached.result->plain) {
            if (one->sid() == prefix_) {
                found.insert(one.get());
            }
        }
        if (expected != found) {
            failure_ = subject + ": " + how + " " + std::to_string(found.size()) + " instead of " +
                       std::to_string(expected.size());
        }
    }

    Sublist& list_;
    const std::string prefix_;
    std::mt19937 random_;
    std::vector<Ref<Subscription>> mine_;
    std::array<Cached, kSubjects> cache_;
    std::string failure_;
};

// Patterns that reach into everybody's subjects come and go.
void disturb(Sublist& list, const std::atomic<bool>& stop) {
    const std::array<const char*, 5> patterns{"*.x1", ">", "t1.*", "t2.x2", "*.*.>"};
    std::vector<Ref<Subscription>> inside;
    for (unsigned i = 0; !stop.load(); ++i) {
        inside.push_back(subscribe(list, patterns[i % patterns.size()], "noise"));
        if (inside.size() > 7) {
            list.remove(*inside.front());
            inside.erase(inside.begin());
        }
    }
}

}  // namespace

class SublistConcurrencyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SublistConcurrencyTest);
    CPPUNIT_TEST(everyThreadSeesItsOwnChangesAtOnce);
    CPPUNIT_TEST(aFinishedChangeIsSeenByWhoeverHeardOfIt);
    CPPUNIT_TEST(oneOfTwoRemoversWins);
    CPPUNIT_TEST_SUITE_END();

    void everyThreadSeesItsOwnChangesAtOnce() {
        Sublist list;
        std::vector<Owner> owners;
        owners.reserve(kOwners);
        for (unsigned id = 0; id < kOwners; ++id) {
            owners.emplace_back(list, id);
        }
        std::atomic<bool> stop{false};
        std::thread noise([&] { disturb(list, stop); });
        std::vector<std::thread> threads;
        threads.reserve(kOwners);
        for (Owner& owner : owners) {
            threads.emplace_back([&owner] { owner.run(20'000); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        stop = true;
        noise.join();

        for (const Owner& owner : owners) {
            CPPUNIT_ASSERT_EQUAL(std::string(), owner.failure());
        }
        CPPUNIT_ASSERT(list.size() <= 8);
    }

    // "SUB, PING, PONG, then a publish from any connection is seen": insert happens before the
    // reader looks, so an older stamp must not be fresh, and the same after a removal.
    void aFinishedChangeIsSeenByWhoeverHeardOfIt() {
        constexpr unsigned kRounds = 5000;
        Sublist list;
        Sublist::Stamp stamp{};
        list.match("a.b", stamp);
        std::atomic<unsigned> changed{0};
        std::atomic<unsigned> looked{0};
        std::thread writer([&] {
            Ref<Subscription> inside;
            const std::array<const char*, 4> patterns{"a.b", "a.*", "*.b", ">"};
            for (unsigned round = 1; round <= kRounds; ++round) {
                if (round % 2 == 1) {
                    inside = subscribe(list, patterns[round / 2 % patterns.size()], "1");
                } else {
                    list.remove(*inside);
                }
                changed.store(round, std::memory_order_release);
                while (looked.load(std::memory_order_acquire) != round) {
                    std::this_thread::yield();
                }
            }
        });
        unsigned staleSeen = 0;
        unsigned rightSize = 0;
        for (unsigned round = 1; round <= kRounds; ++round) {
            while (changed.load(std::memory_order_acquire) != round) {
                std::this_thread::yield();
            }
            staleSeen += list.fresh("a.b", stamp) ? 0 : 1;
            rightSize += list.match("a.b", stamp)->plain.size() == round % 2 ? 1 : 0;
            looked.store(round, std::memory_order_release);
        }
        writer.join();

        CPPUNIT_ASSERT_EQUAL(kRounds, staleSeen);
        CPPUNIT_ASSERT_EQUAL(kRounds, rightSize);
    }

    // UNSUB and the last delivery (CP-70) may meet.
    void oneOfTwoRemoversWins() {
        Sublist list;
        std::vector<Ref<Subscription>> all;
        for (unsigned i = 0; i < 4000; ++i) {
            all.push_back(subscribe(list, i % 3 == 0 ? "hot" : (i % 3 == 1 ? "hot.*" : "h.>"),
                                    std::to_string(i)));
        }
        std::array<std::size_t, 2> wins{};
        const auto removeAll = [&](std::size_t which) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                const std::size_t at = which == 0 ? i : (i ^ 1U);
                wins[which] += list.remove(*all[at]) ? 1U : 0U;
            }
        };
        std::thread other([&] { removeAll(1); });
        removeAll(0);
        other.join();

        CPPUNIT_ASSERT_EQUAL(all.size(), wins[0] + wins[1]);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, list.size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SublistConcurrencyTest);

}  // namespace gnatsd::kernel
