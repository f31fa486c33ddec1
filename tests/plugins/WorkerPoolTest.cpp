#include "kernel/Mutex.h"
#include "plugins/host/auth/WorkerPool.h"
#include "tests/plugins/AuthFixture.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

using host::auth::Work;
using host::auth::WorkerPool;
using Lane = WorkerPool::Lane;

struct Journal {
    void add(const std::string& text) GNATSD_EXCLUDES(mutex) {
        const kernel::MutexLock lock(mutex);
        all += text + " ";
    }
    std::string text() GNATSD_EXCLUDES(mutex) {
        const kernel::MutexLock lock(mutex);
        return all;
    }

    kernel::Mutex mutex;
    std::string all GNATSD_GUARDED_BY(mutex);
};

class Noted final : public Work {
public:
    Noted(std::string name, Journal& journal, std::function<void()> then = {})
        : name_(std::move(name)), journal_(journal), then_(std::move(then)) {}
    void run() override {
        journal_.add(name_);
        if (then_) {
            then_();
        }
    }
    bool isAwaited() const noexcept override { return isAwaited_; }
    void refuse() override { journal_.add("no-" + name_); }
    void forget() { isAwaited_ = false; }

private:
    const std::string name_;
    Journal& journal_;
    const std::function<void()> then_;
    std::atomic<bool> isAwaited_{true};
};

}  // namespace

class WorkerPoolTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WorkerPoolTest);
    CPPUNIT_TEST(oldestFirstWhileThereIsTime);
    CPPUNIT_TEST(youngestFirstUnderOverload);
    CPPUNIT_TEST(patientWorkComesLastAndHasRoom);
    CPPUNIT_TEST(aFullQueueMakesRoomOfWhatNobodyAwaits);
    CPPUNIT_TEST(hangingWorkersAreReplacedByABoundedNumber);
    CPPUNIT_TEST(stopRefusesWhatWaitsAndLeavesBehindWhatHangs);
    CPPUNIT_TEST(backgroundWorkersGiveWay);
    CPPUNIT_TEST_SUITE_END();

    std::shared_ptr<Noted> work(const std::string& name, std::function<void()> then = {}) {
        return std::make_shared<Noted>(name, journal_, std::move(then));
    }

    /// Posts work that hangs until the gate opens, and waits until it does.
    void hang(WorkerPool& pool, Gate& gate, const std::string& name) {
        CPPUNIT_ASSERT(pool.post(work(name, [&gate] { gate.wait(); }), Lane::client));
        CPPUNIT_ASSERT(waitFor([&] { return journal_.text().ends_with(name + " "); }));
    }

    bool becomes(const std::string& journal) {
        return waitFor([&] { return journal_.text() == journal; });
    }

    void oldestFirstWhileThereIsTime() {
        Gate gate;
        WorkerPool pool({});
        hang(pool, gate, "first");
        for (const char* name : {"1", "2", "3"}) {
            pool.post(work(name), Lane::client);
        }
        gate.open();

        CPPUNIT_ASSERT_MESSAGE(journal_.text(), becomes("first 1 2 3 "));
    }

    void youngestFirstUnderOverload() {
        Gate gate;
        WorkerPool::Shape shape;
        shape.patience = std::chrono::milliseconds(0);
        WorkerPool pool(shape);
        hang(pool, gate, "first");
        for (const char* name : {"1", "2", "3"}) {
            pool.post(work(name), Lane::client);
        }
        gate.open();

        CPPUNIT_ASSERT_MESSAGE(journal_.text(), becomes("first 3 2 1 "));
    }

    void patientWorkComesLastAndHasRoom() {
        Gate gate;
        WorkerPool::Shape shape;
        shape.queue = 1;
        WorkerPool pool(shape);
        hang(pool, gate, "first");
        for (const char* name : {"p1", "p2", "p3"}) {
            CPPUNIT_ASSERT(pool.post(work(name), Lane::patient));
        }
        CPPUNIT_ASSERT(pool.post(work("client"), Lane::client));
        CPPUNIT_ASSERT(!pool.post(work("one too many"), Lane::client));
        gate.open();

        CPPUNIT_ASSERT_MESSAGE(journal_.text(), becomes("first client p1 p2 p3 "));
    }

    void aFullQueueMakesRoomOfWhatNobodyAwaits() {
        Gate gate;
        WorkerPool::Shape shape;
        shape.queue = 2;
        WorkerPool pool(shape);
        hang(pool, gate, "first");
        const auto forgotten = work("forgotten");
        pool.post(forgotten, Lane::client);
        pool.post(work("waits"), Lane::client);
        CPPUNIT_ASSERT(!pool.post(work("refused"), Lane::client));
        forgotten->forget();
        CPPUNIT_ASSERT(pool.post(work("fits"), Lane::client));
        gate.open();

        CPPUNIT_ASSERT_MESSAGE(journal_.text(), becomes("first waits fits "));
    }

    void hangingWorkersAreReplacedByABoundedNumber() {
        Gate gate;
        WorkerPool::Shape shape;
        shape.spare = 2;
        shape.replaceAfter = std::chrono::milliseconds(0);
        WorkerPool pool(shape);
        for (const char* name : {"a", "b", "c"}) {
            hang(pool, gate, name);
            pool.watch();
        }
        pool.post(work("d"), Lane::client);
        pool.watch();
        // One worker and two instead of it hang: that is all there are.
        CPPUNIT_ASSERT_EQUAL(std::string("a b c "), journal_.text());

        gate.open();
        CPPUNIT_ASSERT_MESSAGE(journal_.text(), becomes("a b c d "));
        pool.watch();
        pool.post(work("e"), Lane::client);
        CPPUNIT_ASSERT_MESSAGE(journal_.text(), becomes("a b c d e "));
    }

    void stopRefusesWhatWaitsAndLeavesBehindWhatHangs() {
        // Shared with the worker that is left behind.
        const auto gate = std::make_shared<Gate>();
        const auto returned = std::make_shared<std::atomic<bool>>(false);
        WorkerPool pool({});
        pool.post(work("hangs",
                       [gate, returned] {
                           gate->wait();
                           *returned = true;
                       }),
                  Lane::client);
        CPPUNIT_ASSERT(becomes("hangs "));
        pool.post(work("waits"), Lane::client);
        pool.post(work("patient"), Lane::patient);
        pool.stop(std::chrono::milliseconds(20));

        CPPUNIT_ASSERT_EQUAL(std::string("hangs no-waits no-patient "), journal_.text());
        CPPUNIT_ASSERT(!pool.post(work("late"), Lane::client));
        gate->open();
        CPPUNIT_ASSERT(waitFor([&] { return returned->load(); }));
    }

    void backgroundWorkersGiveWay() {
        std::atomic<int> nice{-100};
        WorkerPool::Shape shape;
        shape.background = true;
        WorkerPool pool(shape);
        const int own = getpriority(PRIO_PROCESS, 0);
        pool.post(work("x", [&] { nice = getpriority(PRIO_PROCESS, 0); }), Lane::client);

        CPPUNIT_ASSERT(waitFor([&] { return nice != -100; }));
        CPPUNIT_ASSERT_EQUAL(10, nice.load());
        CPPUNIT_ASSERT_EQUAL(own, getpriority(PRIO_PROCESS, 0));
    }

    Journal journal_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(WorkerPoolTest);

}  // namespace gnatsd::tests
