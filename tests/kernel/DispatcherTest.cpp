#include "kernel/Dispatcher.h"
#include "kernel/Run.h"
#include "tests/kernel/DispatcherFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class DispatcherTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DispatcherTest);
    CPPUNIT_TEST(nearAndFarGetTheSameBytes);
    CPPUNIT_TEST(headersAreCutForThoseWithoutThem);
    CPPUNIT_TEST(messageWithoutTailIsBuilt);
    CPPUNIT_TEST(largePayloadsAreBorrowedNearAndCopiedOnceFar);
    CPPUNIT_TEST(blockIsShared);
    CPPUNIT_TEST(ownerIsAskedOncePerBatch);
    CPPUNIT_TEST(countTellsHowManyGotIt);
    CPPUNIT_TEST(closedSubscriptionsGetNothing);
    CPPUNIT_TEST(lastMessageRetiresTheSubscription);
    CPPUNIT_TEST(queueChoosesUniformlyNearAndFar);
    CPPUNIT_TEST(fullOutboxIsClosedOnce);
    CPPUNIT_TEST(runIsTheSameAsOneByOne);
    CPPUNIT_TEST(runsRespectLimitsOfASubscription);
    CPPUNIT_TEST_SUITE_END();

    // CP-80
    void nearAndFarGetTheSameBytes() {
        Bench bench;
        bench.add(*bench.link, "a.*", "1");
        bench.add(*bench.farLink, "a.*", "sid");
        const Made made("a.b", "re.ply", "hello");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, bench.deliver(made.message));

        CPPUNIT_ASSERT_EQUAL(std::string("MSG a.b 1 re.ply 5\r\nhello\r\n"), bench.near());
        CPPUNIT_ASSERT_EQUAL(std::string("MSG a.b sid re.ply 5\r\nhello\r\n"), bench.far());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, bench.shard.counters.outMessages.get());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{10}, bench.shard.counters.outBytes.get());
    }

    // CP-81, CP-82
    void headersAreCutForThoseWithoutThem() {
        Bench bench;
        bench.add(*bench.link, "a", "1");
        bench.add(*bench.farLink, "a", "2");
        bench.farLink->outbox().setHeaders(true);
        const Made made("a", "", "NATS/1.0\r\n\r\nhi", 12);

        bench.deliver(made.message);

        CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 2\r\nhi\r\n"), bench.near());
        CPPUNIT_ASSERT_EQUAL(std::string("HMSG a 2 12 14\r\nNATS/1.0\r\n\r\nhi\r\n"), bench.far());
    }

    void messageWithoutTailIsBuilt() {
        Bench bench;
        bench.add(*bench.link, "a", "1");
        const Made made("a", "r", "hello", 0, false);

        bench.deliver(made.message);

        CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 r 5\r\nhello\r\n"), bench.near());
    }

    void largePayloadsAreBorrowedNearAndCopiedOnceFar() {
        Bench bench;
        bench.add(*bench.link, "a", "1");
        bench.add(*bench.farLink, "a", "2");
        bench.add(*bench.farLink, "a", "3");
        const std::string payload(Dispatcher::kShareFrom, 'x');
        const Made made("a", "", payload);

        bench.deliver(made.message);

        CPPUNIT_ASSERT(bench.shard.borrowed);
        OutSpan spans[4];
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, bench.link->outbox().near().spans(spans, 4));
        CPPUNIT_ASSERT(spans[1].data == made.message.payload.data());
        CPPUNIT_ASSERT_EQUAL("MSG a 1 8192\r\n" + payload + "\r\n", bench.near());
        CPPUNIT_ASSERT(!bench.shard.borrowed);
        const std::string text = payload + "\r\n";
        const std::string far = bench.far();
        CPPUNIT_ASSERT(far == "MSG a 2 8192\r\n" + text + "MSG a 3 8192\r\n" + text ||
                       far == "MSG a 3 8192\r\n" + text + "MSG a 2 8192\r\n" + text);
    }

    void blockIsShared() {
        Bench bench;
        bench.add(*bench.link, "a", "1");
        bench.add(*bench.farLink, "a", "2");
        bench.farLink->outbox().setHeaders(true);
        const std::string payload = "NATS/1.0\r\n\r\n" + std::string(50'000, 'x');
        const Made made("a", "", payload, 12, false);
        const Ref<Block> block = Block::make(payload.size() + 2);
        made.message.payload.copy(block->data(), payload.size());
        block->data()[payload.size()] = '\r';
        block->data()[payload.size() + 1] = '\n';
        Message message = made.message;
        message.block = block.get();
        message.payload = {block->data(), payload.size()};

        bench.deliver(message);

        OutSpan spans[2];
        bench.link->outbox().near().spans(spans, 2);
        CPPUNIT_ASSERT(spans[1].data == block->data() + 12);
        CPPUNIT_ASSERT_EQUAL("MSG a 1 50000\r\n" + payload.substr(12) + "\r\n", bench.near());
        CPPUNIT_ASSERT_EQUAL("HMSG a 2 12 50012\r\n" + payload + "\r\n", bench.far());
    }

    void ownerIsAskedOncePerBatch() {
        Bench bench;
        bench.add(*bench.farLink, "a", "1");
        bench.add(*bench.link, "a", "1");

        for (int i = 0; i < 10; ++i) {
            bench.deliver("a", "x");
        }
        bench.shard.flushAll();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.farTarget.takeAsked().size());
        CPPUNIT_ASSERT_EQUAL(1, bench.link->flushes);
        CPPUNIT_ASSERT_EQUAL(0, bench.farLink->flushes);
    }

    // CP-103, CP-105
    void countTellsHowManyGotIt() {
        Bench bench;
        const Made made("a", "", "x");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, bench.deliver(made.message));
        bench.add(*bench.publisher, "a", "1");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.deliver(made.message));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, bench.deliver(made.message, false));
        bench.add(*bench.link, "a", "1");
        bench.add(*bench.link, "a", "2", "q");
        bench.add(*bench.publisher, "a", "2", "q");
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, bench.deliver(made.message));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, bench.deliver(made.message, false));
    }

    void closedSubscriptionsGetNothing() {
        Bench bench;
        const Ref<Subscription> one = bench.add(*bench.link, "a", "1");
        bench.add(*bench.farLink, "a", "2");
        bench.deliver("a", "x");  // the result is remembered now

        one->close();
        bench.farLink->outbox().close(bench.farShard.pool);

        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, bench.deliver("a", "y"));
        CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 1\r\nx\r\n"), bench.near());
    }

    // CP-69, CP-70
    void lastMessageRetiresTheSubscription() {
        Bench bench;
        for (FakeLink* link : {bench.link.get(), bench.farLink.get()}) {
            const Ref<Subscription> one = bench.add(*link, "a", "1");
            one->setMax(2);

            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.deliver("a", "x"));
            CPPUNIT_ASSERT(!one->closed());
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.deliver("a", "y"));
            CPPUNIT_ASSERT(one->closed());
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, bench.deliver("a", "z"));
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, bench.account.sublist().size());
            CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 1\r\nx\r\nMSG a 1 1\r\ny\r\n"),
                                 bench.near() + bench.far());
        }
    }

    // CP-142
    void queueChoosesUniformlyNearAndFar() {
        Bench bench(100'000'000);
        std::vector<Ref<Subscription>> members;
        for (const char* sid : {"1", "2", "3"}) {
            members.push_back(bench.add(*bench.link, "a", sid, "q"));
            members.push_back(bench.add(*bench.farLink, "a", sid, "q"));
        }

        for (int i = 0; i < 12'000; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.deliver("a", "x"));
        }

        std::uint64_t sum = 0;
        for (const Ref<Subscription>& member : members) {
            const std::uint64_t got = member->delivered();
            CPPUNIT_ASSERT_MESSAGE(std::to_string(got), got > 1780 && got < 2220);
            sum += got;
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{12'000}, sum);
    }

    // CP-166: whoever logs it counts it
    void fullOutboxIsClosedOnce() {
        Bench bench(1000);
        bench.link->reads = false;
        bench.add(*bench.link, "a", "1");
        bench.add(*bench.farLink, "a", "1");
        const std::string payload(400, 'x');

        std::size_t delivered = 0;
        for (int i = 0; i < 6; ++i) {
            delivered += bench.deliver("a", payload);
        }

        CPPUNIT_ASSERT(bench.link->reason == CloseReason::slowConsumerPendingBytes);
        CPPUNIT_ASSERT(bench.farLink->outbox().overflowed());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, delivered);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, bench.shard.counters.slowConsumers.get());
    }

    // Model: the same messages delivered alone.
    void runIsTheSameAsOneByOne() {
        Bench together;
        Bench alone;
        for (Bench* bench : {&together, &alone}) {
            bench->add(*bench->link, "a", "1");
            bench->add(*bench->farLink, ">", "2");
        }
        std::vector<std::unique_ptr<Made>> messages;
        Run run;
        for (std::size_t i = 0; i < Run::kMost; ++i) {
            messages.push_back(
                std::make_unique<Made>("a", i % 3 == 0 ? "r" : "", std::string(i * i % 500, 'x')));
            CPPUNIT_ASSERT(run.takes(messages.back()->message));
            run.add(messages.back()->message);
            alone.deliver(messages.back()->message);
        }
        CPPUNIT_ASSERT(!run.takes(messages.back()->message));
        Dispatcher dispatcher(together.shard, together.log);

        dispatcher.deliver(run, {together.account, &together.publisher->outbox(), true});

        CPPUNIT_ASSERT_EQUAL(alone.near(), together.near());
        CPPUNIT_ASSERT_EQUAL(alone.far(), together.far());
        CPPUNIT_ASSERT_EQUAL(alone.shard.counters.outBytes.get(),
                             together.shard.counters.outBytes.get());
        CPPUNIT_ASSERT_EQUAL(alone.shard.counters.outMessages.get(),
                             together.shard.counters.outMessages.get());
    }

    // CP-69, CP-103, CP-141
    void runsRespectLimitsOfASubscription() {
        Bench bench;
        const Ref<Subscription> limitedNear = bench.add(*bench.link, "a", "1");
        const Ref<Subscription> limitedFar = bench.add(*bench.farLink, "a", "1");
        limitedNear->setMax(3);
        limitedFar->setMax(2);
        bench.add(*bench.publisher, "a", "own");
        const Made made("a", "", "x");
        Run run;
        for (int i = 0; i < 5; ++i) {
            run.add(made.message);
        }
        Dispatcher dispatcher(bench.shard, bench.log);

        dispatcher.deliver(run, {bench.account, &bench.publisher->outbox(), false});

        const std::string one = "MSG a 1 1\r\nx\r\n";
        CPPUNIT_ASSERT_EQUAL(one + one + one, bench.near());
        CPPUNIT_ASSERT_EQUAL(one + one, bench.far());
        CPPUNIT_ASSERT_EQUAL(std::string(), bench.publisher->taken());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.account.sublist().size());
        const Ref<Subscription> first = bench.add(*bench.link, "a", "1", "q");
        const Ref<Subscription> second = bench.add(*bench.link, "a", "2", "q");
        dispatcher.deliver(run, {bench.account, &bench.publisher->outbox(), false});
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, first->delivered() + second->delivered());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DispatcherTest);

}  // namespace gnatsd::kernel
