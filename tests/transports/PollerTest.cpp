// Both pollers, the one of this system and the portable one, against the same expectations.

#include "tests/transports/SocketPair.h"
#include "transports/reactor/Poller.h"
#include "transports/reactor/Wakeup.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <thread>
#include <vector>

namespace gnatsd::reactor {

using namespace std::chrono_literals;

namespace {

class Watched final : public Pollable {
public:
    void onReady(const PollEvent&) override {}
};

struct Seen {
    bool readable = false;
    bool writable = false;
    bool broken = false;
    bool operator==(const Seen&) const = default;
};

}  // namespace

template <PollerKind kind>
class PollerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PollerTest);
    CPPUNIT_TEST(onlyWhatWasAskedForIsTold);
    CPPUNIT_TEST(readinessIsALevel);
    CPPUNIT_TEST(changesTakeEffect);
    CPPUNIT_TEST(hangUpIsToldWhateverWasAskedFor);
    CPPUNIT_TEST(removedDescriptorsAreSilent);
    CPPUNIT_TEST(waitEndsAfterItsTime);
    CPPUNIT_TEST(zeroTimeDoesNotWait);
    CPPUNIT_TEST(wakeupEndsAWait);
    CPPUNIT_TEST(fullBatchStarvesNobody);
    CPPUNIT_TEST(descriptorsMayBeUsedAgain);
    CPPUNIT_TEST_SUITE_END();

    std::map<Pollable*, Seen> wait(std::chrono::nanoseconds timeout = 0ns) {
        const std::size_t count = poller_->wait(events_.data(), timeout);
        std::map<Pollable*, Seen> seen;
        for (std::size_t i = 0; i < count; ++i) {
            seen[events_[i].who] = {events_[i].readable, events_[i].writable, events_[i].broken};
        }
        CPPUNIT_ASSERT_EQUAL(count, seen.size());
        return seen;
    }

    void onlyWhatWasAskedForIsTold() {
        SocketPair reading;
        SocketPair writing;
        SocketPair nothing;
        Watched reader;
        Watched writer;
        Watched idle;
        poller_->add(reading.tested(), reader, {true, false});
        poller_->add(writing.tested(), writer, {false, true});
        poller_->add(nothing.tested(), idle, {false, false});
        nothing.send("x");

        CPPUNIT_ASSERT((wait() == std::map<Pollable*, Seen>{{&writer, {false, true, false}}}));
        reading.send("x");
        CPPUNIT_ASSERT((wait() == std::map<Pollable*, Seen>{{&reader, {true, false, false}},
                                                            {&writer, {false, true, false}}}));
    }

    void readinessIsALevel() {
        SocketPair pair;
        Watched who;
        poller_->add(pair.tested(), who, {true, false});
        pair.send("xy");

        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, wait().size());
        }
        char buffer[2];
        CPPUNIT_ASSERT_EQUAL(ssize_t{2}, ::recv(pair.tested(), buffer, 2, 0));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, wait().size());
    }

    void changesTakeEffect() {
        SocketPair pair;
        Watched who;
        Watched other;
        poller_->add(pair.tested(), who, {true, true});
        pair.fill();
        pair.send("x");

        CPPUNIT_ASSERT((wait() == std::map<Pollable*, Seen>{{&who, {true, false, false}}}));
        poller_->change(pair.tested(), who, {false, true});
        CPPUNIT_ASSERT(wait().empty());
        pair.takeAll();
        CPPUNIT_ASSERT((wait(1s) == std::map<Pollable*, Seen>{{&who, {false, true, false}}}));
        poller_->change(pair.tested(), other, {true, false});
        CPPUNIT_ASSERT((wait() == std::map<Pollable*, Seen>{{&other, {true, false, false}}}));
    }

    void hangUpIsToldWhateverWasAskedFor() {
        SocketPair pair;
        Watched who;
        poller_->add(pair.tested(), who, {false, false});
        CPPUNIT_ASSERT(wait().empty());

        pair.closePeer();

        CPPUNIT_ASSERT(wait(1s)[&who].broken);
    }

    void removedDescriptorsAreSilent() {
        std::array<SocketPair, 3> pairs;
        std::array<Watched, 3> who;
        for (std::size_t i = 0; i < 3; ++i) {
            poller_->add(pairs[i].tested(), who[i], {true, false});
            pairs[i].send("x");
        }

        poller_->remove(pairs[0].tested());
        CPPUNIT_ASSERT((wait() == std::map<Pollable*, Seen>{{&who[1], {true, false, false}},
                                                            {&who[2], {true, false, false}}}));
        poller_->remove(pairs[2].tested());
        CPPUNIT_ASSERT((wait() == std::map<Pollable*, Seen>{{&who[1], {true, false, false}}}));
        poller_->remove(pairs[1].tested());
        CPPUNIT_ASSERT(wait().empty());
    }

    void waitEndsAfterItsTime() {
        const auto begin = std::chrono::steady_clock::now();

        CPPUNIT_ASSERT(wait(30ms).empty());

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin >= 29ms);
    }

    void zeroTimeDoesNotWait() {
        const auto begin = std::chrono::steady_clock::now();

        for (int i = 0; i < 100; ++i) {
            CPPUNIT_ASSERT(wait(0ns).empty());
        }

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin < 5s);
    }

    void wakeupEndsAWait() {
        Wakeup wakeup;
        poller_->add(wakeup.fd(), wakeup, {true, false});
        for (int i = 0; i < 3; ++i) {
            std::thread other([&] {
                wakeup.signal();
                wakeup.signal();
            });
            const std::map<Pollable*, Seen> seen = wait(-1ns);
            other.join();
            CPPUNIT_ASSERT(seen.contains(&wakeup));
            wakeup.onReady({&wakeup, true, false, false});
            CPPUNIT_ASSERT(wait().empty());
        }
        poller_->remove(wakeup.fd());
    }

    void fullBatchStarvesNobody() {
        constexpr std::size_t kCount = Poller::kBatch + 60;
        std::vector<std::unique_ptr<SocketPair>> pairs;
        std::vector<std::unique_ptr<Watched>> who;
        for (std::size_t i = 0; i < kCount; ++i) {
            pairs.push_back(std::make_unique<SocketPair>());
            who.push_back(std::make_unique<Watched>());
            poller_->add(pairs.back()->tested(), *who.back(), {true, false});
            pairs.back()->send("x");
        }

        std::map<Pollable*, int> served;
        for (int i = 0; i < 4; ++i) {
            const std::map<Pollable*, Seen> seen = wait();
            CPPUNIT_ASSERT(seen.size() <= Poller::kBatch);
            for (const auto& [one, events] : seen) {
                ++served[one];
            }
        }

        CPPUNIT_ASSERT_EQUAL(kCount, served.size());
    }

    void descriptorsMayBeUsedAgain() {
        Watched first;
        Watched second;
        int fd = -1;
        {
            SocketPair pair;
            fd = pair.tested();
            poller_->add(fd, first, {true, false});
            poller_->remove(fd);
        }
        SocketPair pair;
        CPPUNIT_ASSERT_EQUAL(fd, pair.tested());
        poller_->add(fd, second, {true, false});
        pair.send("x");

        CPPUNIT_ASSERT((wait() == std::map<Pollable*, Seen>{{&second, {true, false, false}}}));
    }

    const std::unique_ptr<Poller> poller_ = makePoller(kind);
    std::array<PollEvent, Poller::kBatch> events_{};
};

using BestPollerTest = PollerTest<PollerKind::best>;
using PortablePollerTest = PollerTest<PollerKind::poll>;
CPPUNIT_TEST_SUITE_REGISTRATION(BestPollerTest);
CPPUNIT_TEST_SUITE_REGISTRATION(PortablePollerTest);

}  // namespace gnatsd::reactor
