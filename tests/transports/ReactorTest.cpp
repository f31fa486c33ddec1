// Reactor and Connection with a protocol that answers what it is told, on both pollers.

#include "tests/transports/EchoProtocol.h"
#include "tests/transports/SocketPair.h"
#include "transports/reactor/PlainStream.h"
#include "transports/reactor/Reactor.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::reactor {

template <PollerKind kind>
class ReactorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReactorTest);
    CPPUNIT_TEST(tasksRunInOrderOnOneThread);
    CPPUNIT_TEST(connectionLivesFromOpenToClose);
    CPPUNIT_TEST(lastOutputGoesOutBeforeTheEnd);
    CPPUNIT_TEST(timerOfAProtocolStrikes);
    CPPUNIT_TEST(heldConnectionIsReadLater);
    CPPUNIT_TEST(pausedConnectionIsReadWhenItGoesOn);
    CPPUNIT_TEST(pausedConnectionEndsWithItsPeer);
    CPPUNIT_TEST(connectionClosedByAnotherMayBreakInTheSameTurn);
    CPPUNIT_TEST(farOutputIsWritten);
    CPPUNIT_TEST(outputWaitsForASlowPeer);
    CPPUNIT_TEST(peerThatDoesNotReadIsCutAtTheDeadline);
    CPPUNIT_TEST(stopEndsConnections);
    CPPUNIT_TEST(stopWaitsNoLongerThanItsGrace);
    CPPUNIT_TEST(connectionsAreCounted);
    CPPUNIT_TEST(loadTellsWorkFromSleep);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { reactor_.start(); }
    void tearDown() override {
        reactor_.beginStop(0ms);
        reactor_.join();
    }

private:
    /// Gives the tested end of the pair to the reactor.
    void adopt(SocketPair& pair, std::chrono::milliseconds writeDeadline = 5s) {
        ConnectionSeed seed;
        seed.stream = std::make_unique<PlainStream>(pair.releaseTested());
        seed.identity = "peer";
        seed.maxPending = 100'000'000;
        seed.writeDeadline = writeDeadline;
        seed.protocol = [this](kernel::Shard& shard, kernel::Link& link,
                               kernel::Ref<kernel::Outbox> outbox) {
            outbox_ = outbox;
            link_ = &link;
            return std::make_unique<Echo>(diary_, shard, link, std::move(outbox));
        };
        reactor_.adopt(std::move(seed));
        diary_.expect("open");
        pair.expect("hello ");
    }

    void onReactor(const std::function<void()>& task) {
        std::promise<void> done;
        reactor_.post([&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }

    void tasksRunInOrderOnOneThread() {
        std::vector<int> order;
        std::vector<std::thread::id> threads;
        for (int i = 0; i < 1000; ++i) {
            reactor_.post([&, i] {
                order.push_back(i);
                threads.push_back(std::this_thread::get_id());
            });
        }
        onReactor([] {});

        for (int i = 0; i < 1000; ++i) {
            CPPUNIT_ASSERT_EQUAL(i, order.at(static_cast<std::size_t>(i)));
            CPPUNIT_ASSERT(threads[static_cast<std::size_t>(i)] == threads.front());
        }
        CPPUNIT_ASSERT(threads.front() != std::this_thread::get_id());
    }

    void connectionLivesFromOpenToClose() {
        SocketPair pair;
        adopt(pair);
        diary_.expect("timer");

        pair.send("abc");
        pair.expect("abc");
        pair.closePeer();

        diary_.expect("closed:Client Closed");
    }

    // CP-230
    void lastOutputGoesOutBeforeTheEnd() {
        SocketPair pair;
        adopt(pair);
        diary_.expect("timer");

        pair.send("close");

        pair.expect("bye");
        CPPUNIT_ASSERT_EQUAL(std::string(), pair.receive());
        diary_.expect("closed:Protocol Violation");
    }

    void timerOfAProtocolStrikes() {
        SocketPair pair;
        adopt(pair);

        diary_.expect("timer");
    }

    void heldConnectionIsReadLater() {
        SocketPair pair;
        adopt(pair);
        const auto begin = std::chrono::steady_clock::now();
        pair.send("hold");
        onReactor([] {});
        onReactor([] {});

        pair.send("x");
        pair.expect("x");

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin >= 50ms);
        pair.send("y");
        pair.expect("y");
    }

    void pausedConnectionIsReadWhenItGoesOn() {
        SocketPair pair;
        adopt(pair);
        pair.send("pause");
        onReactor([] {});
        onReactor([] {});
        pair.send("x");
        onReactor([] {});
        CPPUNIT_ASSERT_EQUAL(std::string(), pair.takeAll());

        onReactor([this] { link_->resumeReading(); });

        pair.expect("x");
    }

    void pausedConnectionEndsWithItsPeer() {
        SocketPair pair;
        adopt(pair);
        diary_.expect("timer");
        pair.send("pause");
        onReactor([] {});

        pair.closePeer();

        diary_.expect("closed:Client Closed");
    }

    // It was buried twice then.
    void connectionClosedByAnotherMayBreakInTheSameTurn() {
        SocketPair killer;
        adopt(killer);
        diary_.expect("timer");
        SocketPair victim;
        adopt(victim);
        diary_.expect("timer");
        diary_.call = [victim = link_] { victim->close(CloseReason::writeError); };
        std::promise<void> bothReady;
        reactor_.post([ready = bothReady.get_future().share()] { ready.wait(); });

        killer.send("call");
        victim.closePeer();
        bothReady.set_value();

        diary_.expect("closed:Write Error");
        onReactor([] {});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, reactor_.connections());
        killer.send("x");
        killer.expect("x");
    }

    void farOutputIsWritten() {
        SocketPair pair;
        adopt(pair);
        NoLog log;
        Reactor elsewhere(1, kind, log);
        const auto far = [&](std::string_view text) {
            return outbox_->appendFar(
                elsewhere.shard(), text.size(), 1, [] { return true; },
                [&](kernel::OutQueue& queue) { queue.append(text, elsewhere.shard().pool); });
        };

        for (int i = 0; i < 100; ++i) {
            CPPUNIT_ASSERT(far("far") == kernel::Outbox::Far::queuedFirst);
            CPPUNIT_ASSERT(far("ther") == kernel::Outbox::Far::queued);
            std::vector<kernel::Ref<kernel::Outbox>> outboxes{outbox_};
            reactor_.flushSoon(outboxes);
            CPPUNIT_ASSERT(outboxes.empty());
            pair.expect("farther");
        }
    }

    void outputWaitsForASlowPeer() {
        SocketPair pair;
        adopt(pair);

        pair.send("flood");
        onReactor([] {});
        pair.expect(std::string(8'000'000, 'x'));
        pair.send("x");
        pair.expect("x");
    }

    // CP-168
    void peerThatDoesNotReadIsCutAtTheDeadline() {
        SocketPair pair;
        adopt(pair, 200ms);
        diary_.expect("timer");
        const auto begin = std::chrono::steady_clock::now();

        pair.send("flood");

        diary_.expect("closed:Slow Consumer (Write Deadline)");
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin >= 200ms);
    }

    // CP-156
    void stopEndsConnections() {
        SocketPair pair;
        adopt(pair);
        diary_.expect("timer");

        reactor_.beginStop(5s);

        CPPUNIT_ASSERT_EQUAL(std::string(), pair.receive());
        pair.closePeer();
        reactor_.join();
        diary_.expect("closed:Server Shutdown");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, reactor_.connections());
    }

    void stopWaitsNoLongerThanItsGrace() {
        SocketPair pair;
        adopt(pair);
        pair.send("flood");
        onReactor([] {});
        const auto begin = std::chrono::steady_clock::now();

        reactor_.beginStop(300ms);
        reactor_.join();

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin < 3s);
        CPPUNIT_ASSERT(outbox_->owner() == nullptr);
    }

    void connectionsAreCounted() {
        SocketPair one;
        SocketPair two;
        adopt(one);
        diary_.expect("timer");
        adopt(two);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, reactor_.connections());
        diary_.expect("timer");

        one.closePeer();
        diary_.expect("closed:Client Closed");
        onReactor([] {});

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, reactor_.connections());
    }

    void loadTellsWorkFromSleep() {
        const auto work = [](std::chrono::milliseconds time) {
            const auto until = std::chrono::steady_clock::now() + time;
            while (std::chrono::steady_clock::now() < until) {
            }
        };
        for (int i = 0; i < 100 && reactor_.load() <= 500; ++i) {
            reactor_.post([&] { work(20ms); });
            onReactor([&] { work(20ms); });
        }
        CPPUNIT_ASSERT(reactor_.load() > 500);

        const auto until = std::chrono::steady_clock::now() + 10s;
        while (reactor_.load() > 100 && std::chrono::steady_clock::now() < until) {
            SocketPair nobody;
            pollfd quiet{nobody.tested(), POLLIN, 0};
            ::poll(&quiet, 1, 30);
            onReactor([] {});
        }
        CPPUNIT_ASSERT(reactor_.load() <= 100);
    }

    NoLog log_;
    Diary diary_;
    kernel::Ref<kernel::Outbox> outbox_;
    kernel::Link* link_ = nullptr;
    Reactor reactor_{0, kind, log_};
};

using BestReactorTest = ReactorTest<PollerKind::best>;
using PortableReactorTest = ReactorTest<PollerKind::poll>;
CPPUNIT_TEST_SUITE_REGISTRATION(BestReactorTest);
CPPUNIT_TEST_SUITE_REGISTRATION(PortableReactorTest);

}  // namespace gnatsd::reactor
