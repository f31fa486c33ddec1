#include "kernel/Outbox.h"
#include "tests/kernel/FakeLink.h"
#include "tests/kernel/SublistFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::kernel {

namespace {

/// A message of a far publisher that always wants to go.
Outbox::Far appendFar(Outbox& outbox, std::string_view text, Shard& from) {
    return outbox.appendFar(
        from, text.size(), 1, [] { return true; },
        [&](OutQueue& queue) { queue.append(text, from.pool); });
}

class NoProtocol final : public Protocol {
public:
    void onOpen() override {}
    void onBytes(std::string_view) override {}
    void onExpired(const std::vector<Ref<Subscription>>& expired) override {
        for (const Ref<Subscription>& one : expired) {
            sids.append(one->sid());
        }
    }
    Clock::time_point onTimer(Clock::time_point) override { return Clock::time_point::max(); }
    void onMoved(Shard&) override {}
    void onChange() override {}
    bool retire(CloseReason) override { return false; }
    void onClosed(CloseReason) override {}

    std::string sids;
};

}  // namespace

class OutboxTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutboxTest);
    CPPUNIT_TEST(farBytesGoBehindNearOnes);
    CPPUNIT_TEST(ownerIsAskedOncePerCollect);
    CPPUNIT_TEST(fullIsSaidOnceAndOverflowRemembered);
    CPPUNIT_TEST(unsentBytesCountForFarPublishers);
    CPPUNIT_TEST(whoIsNotAdmittedAppendsNothing);
    CPPUNIT_TEST(closedOutboxTakesNothing);
    CPPUNIT_TEST(finishedSubscriptionsReachTheOwner);
    CPPUNIT_TEST(tasksRunWithTheSessionUntilItCloses);
    CPPUNIT_TEST(severalThreadsKeepTheirOrder);
    CPPUNIT_TEST(closeWhileOthersAppend);
    CPPUNIT_TEST_SUITE_END();

    void farBytesGoBehindNearOnes() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 1000);
        FakeTarget elsewhere;
        Shard far(1, elsewhere);

        link.outbox().near().append("near ", shard.pool);
        appendFar(link.outbox(), "far", far);
        link.outbox().near().append("near ", shard.pool);
        CPPUNIT_ASSERT_EQUAL(std::string("near near "), textOf(link.outbox().near()));
        link.flush();

        CPPUNIT_ASSERT_EQUAL(std::string("near near far"), link.taken());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, link.outbox().farTraffic().messages);
    }

    void ownerIsAskedOncePerCollect() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 1000);
        FakeTarget elsewhere;
        Shard far(1, elsewhere);

        for (int i = 0; i < 2; ++i) {
            CPPUNIT_ASSERT(appendFar(link.outbox(), "a", far) == Outbox::Far::queuedFirst);
            CPPUNIT_ASSERT(appendFar(link.outbox(), "b", far) == Outbox::Far::queued);
            CPPUNIT_ASSERT(appendFar(link.outbox(), "c", far) == Outbox::Far::queued);
            link.flush();
            CPPUNIT_ASSERT_EQUAL(std::string("abc"), link.taken());
        }
    }

    // CP-166
    void fullIsSaidOnceAndOverflowRemembered() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 10);
        FakeTarget elsewhere;
        Shard far(1, elsewhere);

        CPPUNIT_ASSERT(appendFar(link.outbox(), "0123456789", far) == Outbox::Far::queuedFirst);
        CPPUNIT_ASSERT(!link.outbox().overflowed());
        CPPUNIT_ASSERT(appendFar(link.outbox(), "x", far) == Outbox::Far::skipped);
        CPPUNIT_ASSERT(link.outbox().overflowed());
        link.flush();
        CPPUNIT_ASSERT(appendFar(link.outbox(), "01234567890", far) == Outbox::Far::full);
        CPPUNIT_ASSERT(appendFar(link.outbox(), "01234567890", far) == Outbox::Far::skipped);
        CPPUNIT_ASSERT_EQUAL(std::string("0123456789"), link.taken());
    }

    void unsentBytesCountForFarPublishers() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 10);
        FakeTarget elsewhere;
        Shard far(1, elsewhere);
        link.reads = false;

        link.outbox().near().append("01234567", shard.pool);
        link.flush();
        CPPUNIT_ASSERT(link.outbox().nearHalfFull());
        CPPUNIT_ASSERT(appendFar(link.outbox(), "abc", far) == Outbox::Far::full);
        link.reads = true;
        link.flush();
        CPPUNIT_ASSERT(!link.outbox().nearHalfFull());
        CPPUNIT_ASSERT(appendFar(link.outbox(), "abc", far) == Outbox::Far::queuedFirst);
    }

    void whoIsNotAdmittedAppendsNothing() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 100);

        const Outbox::Far answer = link.outbox().appendFar(
            shard, 3, 1, [] { return false; },
            [](OutQueue&) { CPPUNIT_FAIL("must not be called"); });

        CPPUNIT_ASSERT(answer == Outbox::Far::skipped);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, link.outbox().farTraffic().messages);
    }

    void closedOutboxTakesNothing() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 100);
        FakeTarget elsewhere;
        Shard far(1, elsewhere);
        link.outbox().near().append("near", shard.pool);
        appendFar(link.outbox(), "far", far);

        link.outbox().close(shard.pool);

        CPPUNIT_ASSERT(link.outbox().owner() == nullptr);
        CPPUNIT_ASSERT(link.outbox().link() == nullptr);
        CPPUNIT_ASSERT(link.outbox().near().empty());
        CPPUNIT_ASSERT(appendFar(link.outbox(), "x", far) == Outbox::Far::closed);
        std::vector<Ref<Subscription>> expired;
        link.outbox().collect(expired);
        CPPUNIT_ASSERT(link.outbox().near().empty());
    }

    // CP-70
    void finishedSubscriptionsReachTheOwner() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 100);
        NoProtocol protocol;
        link.setProtocol(&protocol);
        const Ref<Subscription> one = subscription("a", "1");
        {
            const MutexLock lock(link.outbox().mutex());
            link.outbox().expireLocked(one.get());
        }

        link.flush();
        CPPUNIT_ASSERT_EQUAL(std::string("1"), protocol.sids);
        link.flush();
        CPPUNIT_ASSERT_EQUAL(std::string("1"), protocol.sids);
    }

    void tasksRunWithTheSessionUntilItCloses() {
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, 100);
        NoProtocol protocol;
        link.setProtocol(&protocol);
        int runs = 0;

        link.outbox().postToSession([&](Protocol& got) { runs += &got == &protocol ? 1 : 100; });
        CPPUNIT_ASSERT_EQUAL(0, runs);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, target.runTasks());
        CPPUNIT_ASSERT_EQUAL(1, runs);
        link.outbox().postToSession([&](Protocol&) { ++runs; });
        link.outbox().close(shard.pool);
        link.outbox().postToSession([&](Protocol&) { ++runs; });
        while (target.runTasks() > 0) {
        }
        CPPUNIT_ASSERT_EQUAL(1, runs);
    }

    /// What two publishers on other threads do: numbered lines, batch by batch.
    static void publish(Outbox& outbox, char name, int count, std::atomic<bool>& asked) {
        FakeTarget elsewhere;
        Shard far(1, elsewhere);
        for (int i = 0; i < count; ++i) {
            const std::string text = name + std::to_string(i) + '\n';
            switch (appendFar(outbox, text, far)) {
                case Outbox::Far::queuedFirst:
                    asked = true;
                    break;
                case Outbox::Far::queued:
                    break;
                default:
                    return;
            }
        }
    }

    // CP-144: each half keeps its order, nothing is lost, and the owner is asked when it must be
    void severalThreadsKeepTheirOrder() {
        constexpr int kCount = 20'000;
        FakeTarget target;
        Shard shard(0, target);
        FakeLink link(shard, std::size_t{1} << 30);
        std::atomic<bool> asked{false};
        std::thread first([&] { publish(link.outbox(), 'a', kCount, asked); });
        std::thread second([&] { publish(link.outbox(), 'b', kCount, asked); });
        std::string output;
        int near = 0;
        const auto lines = [&] { return std::count(output.begin(), output.end(), '\n'); };

        while (near < kCount) {
            link.outbox().near().append("n" + std::to_string(near++) + '\n', shard.pool);
            if (asked.exchange(false)) {
                link.flush();
            }
        }
        first.join();
        second.join();
        // Who was asked, and only who was asked, finds more.
        while (asked.exchange(false)) {
            link.flush();
        }
        link.reads = true;
        link.flush();
        output = link.taken();

        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{3 * kCount}, lines());
        std::map<char, int> next;
        for (std::size_t at = 0; at < output.size();) {
            const std::size_t end = output.find('\n', at);
            CPPUNIT_ASSERT_EQUAL(next[output[at]]++, std::stoi(output.substr(at + 1, end - at)));
            at = end + 1;
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2 * kCount}, link.outbox().farTraffic().messages);
    }

    void closeWhileOthersAppend() {
        for (int round = 0; round < 50; ++round) {
            FakeTarget target;
            Shard shard(0, target);
            FakeLink link(shard, std::size_t{1} << 30);
            std::atomic<bool> asked{false};
            std::thread publisher([&] { publish(link.outbox(), 'a', 1'000'000, asked); });

            while (!asked) {
            }
            link.flush();
            link.outbox().close(shard.pool);
            publisher.join();

            CPPUNIT_ASSERT(link.outbox().near().empty());
            CPPUNIT_ASSERT(link.taken().starts_with("a0\n"));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OutboxTest);

}  // namespace gnatsd::kernel
