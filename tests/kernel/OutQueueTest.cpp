#include "kernel/OutQueue.h"
#include "tests/kernel/FakeLink.h"
#include "tests/support/Random.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>
#include <string>
#include <string_view>

namespace gnatsd::kernel {

namespace {

Ref<Block> blockOf(std::string_view text) {
    Ref<Block> block = Block::make(text.size());
    std::memcpy(block->data(), text.data(), text.size());
    return block;
}

}  // namespace

class OutQueueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutQueueTest);
    CPPUNIT_TEST(bytesComeOutInOrder);
    CPPUNIT_TEST(largeAppendsSpreadOverChunks);
    CPPUNIT_TEST(roomIsWrittenInPlace);
    CPPUNIT_TEST(sharedBytesAreNotCopied);
    CPPUNIT_TEST(borrowedBytesAreCopiedWhenSettled);
    CPPUNIT_TEST(takenQueueStandsBehind);
    CPPUNIT_TEST(behavesLikeAString);
    CPPUNIT_TEST_SUITE_END();

    void bytesComeOutInOrder() {
        ChunkPool pool;
        OutQueue queue;

        queue.append("hello ", pool);
        queue.append("world", pool);

        CPPUNIT_ASSERT_EQUAL(std::size_t{11}, queue.bytes());
        CPPUNIT_ASSERT_EQUAL(std::string("hello world"), textOf(queue));
        queue.consume(6, pool);
        CPPUNIT_ASSERT_EQUAL(std::string("world"), textOf(queue));
        queue.consume(5, pool);
        CPPUNIT_ASSERT(queue.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, queue.chunks());
    }

    void largeAppendsSpreadOverChunks() {
        ChunkPool pool;
        OutQueue queue;
        std::string text;
        while (text.size() < 300'000) {
            text += std::to_string(text.size());
        }

        queue.append(text, pool);

        CPPUNIT_ASSERT(queue.chunks() > 4);
        CPPUNIT_ASSERT(textOf(queue) == text);
        OutSpan first[2];
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, queue.spans(first, 2));
        queue.consume(first[0].size + 1, pool);
        CPPUNIT_ASSERT(textOf(queue) == text.substr(first[0].size + 1));
        queue.clear(pool);
        CPPUNIT_ASSERT(queue.empty());
    }

    void roomIsWrittenInPlace() {
        ChunkPool pool;
        OutQueue queue;
        CPPUNIT_ASSERT(queue.room(1) == nullptr);
        queue.append("a", pool);

        char* room = queue.room(3);
        CPPUNIT_ASSERT(room != nullptr);
        std::memcpy(room, "bcd", 3);
        queue.commit(3);

        CPPUNIT_ASSERT_EQUAL(std::string("abcd"), textOf(queue));
        CPPUNIT_ASSERT(queue.room(ChunkPool::kSizes.back()) == nullptr);
        queue.clear(pool);
    }

    void sharedBytesAreNotCopied() {
        ChunkPool pool;
        OutQueue queue;
        const Ref<Block> block = blockOf("0123456789");

        queue.append("<", pool);
        queue.share({block->data(), 10}, block, pool);
        queue.append(">", pool);

        OutSpan spans[3];
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, queue.spans(spans, 3));
        CPPUNIT_ASSERT(spans[1].data == block->data());
        queue.settle(pool);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, queue.spans(spans, 3));
        CPPUNIT_ASSERT(spans[1].data == block->data());
        CPPUNIT_ASSERT_EQUAL(std::string("<0123456789>"), textOf(queue));
        queue.clear(pool);
    }

    void borrowedBytesAreCopiedWhenSettled() {
        ChunkPool pool;
        OutQueue queue;
        std::string lender = "0123456789";
        queue.append("<", pool);
        queue.share(lender, Ref<Block>(), pool);
        queue.append(">", pool);
        queue.consume(4, pool);

        queue.settle(pool);
        lender = "xxxxxxxxxx";

        CPPUNIT_ASSERT_EQUAL(std::string("3456789>"), textOf(queue));
        CPPUNIT_ASSERT_EQUAL(std::size_t{8}, queue.bytes());
        queue.clear(pool);
    }

    void takenQueueStandsBehind() {
        ChunkPool pool;
        OutQueue queue;
        OutQueue other;
        queue.take(other);
        CPPUNIT_ASSERT(queue.empty());
        other.append("b", pool);
        queue.take(other);
        other.append("c", pool);
        queue.append("B", pool);
        queue.take(other);

        CPPUNIT_ASSERT(other.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("bBc"), textOf(queue));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, queue.bytes());
        queue.clear(pool);
    }

    // Model: a string.
    void behavesLikeAString() {
        tests::Random random;
        for (int round = 0; round < 50; ++round) {
            ChunkPool pool;
            OutQueue queue;
            OutQueue far;
            std::string model;
            std::string farModel;
            for (int i = 0; i < 300; ++i) {
                const std::string text(random.below(1U << random.below(14)),
                                       static_cast<char>('a' + i % 26));
                step(random.below(8), text, random, {pool, queue, far, model, farModel});
                CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed(), model.size(), queue.bytes());
                CPPUNIT_ASSERT_MESSAGE(random.seed(), model == textOf(queue));
            }
            far.clear(pool);
            queue.clear(pool);
            CPPUNIT_ASSERT(queue.empty());
        }
    }

    struct State {
        ChunkPool& pool;
        OutQueue& queue;
        OutQueue& far;
        std::string& model;
        std::string& farModel;
    };

    static void step(unsigned what, const std::string& text, tests::Random& random, State state) {
        switch (what) {
            case 0:
                state.queue.share(text, Ref<Block>(), state.pool);
                state.queue.settle(state.pool);
                state.model += text;
                break;
            case 1: {
                const Ref<Block> block = blockOf(text);
                state.queue.share({block->data(), text.size()}, block, state.pool);
                state.model += text;
                break;
            }
            case 2:
                state.far.append(text, state.pool);
                state.farModel += text;
                break;
            case 3:
                state.queue.take(state.far);
                state.model += state.farModel;
                state.farModel.clear();
                break;
            case 4:
            case 5: {
                state.queue.learnSize();
                const auto size = random.below(static_cast<unsigned>(state.model.size()) + 1);
                state.queue.consume(size, state.pool);
                state.model.erase(0, size);
                break;
            }
            case 6:
                if (char* room = state.queue.room(text.size()); room != nullptr) {
                    std::memcpy(room, text.data(), text.size());
                    state.queue.commit(text.size());
                    state.model += text;
                }
                break;
            default:
                state.queue.append(text, state.pool);
                state.model += text;
                break;
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OutQueueTest);

}  // namespace gnatsd::kernel
