#include "kernel/SidTable.h"
#include "tests/kernel/SublistFixture.h"
#include "tests/support/Random.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>

namespace gnatsd::kernel {

class SidTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SidTableTest);
    CPPUNIT_TEST(emptyTableKnowsNothing);
    CPPUNIT_TEST(entriesAreFoundByTheirSid);
    CPPUNIT_TEST(everyEntryIsVisitedOnce);
    CPPUNIT_TEST(behavesLikeAMap);
    CPPUNIT_TEST_SUITE_END();

    void emptyTableKnowsNothing() {
        SidTable table;

        CPPUNIT_ASSERT(table.find("1") == nullptr);
        CPPUNIT_ASSERT(!table.remove("1"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, table.size());
    }

    void entriesAreFoundByTheirSid() {
        SidTable table;
        const Ref<Subscription> one = subscription("a", "1");
        const Ref<Subscription> other = subscription("a", "01");
        table.insert(one);
        table.insert(other);

        CPPUNIT_ASSERT(table.find("1") == one.get());
        CPPUNIT_ASSERT(table.find("01") == other.get());
        CPPUNIT_ASSERT(table.find("10") == nullptr);
        CPPUNIT_ASSERT(table.remove("1").get() == one.get());
        CPPUNIT_ASSERT(table.find("1") == nullptr);
        CPPUNIT_ASSERT(table.find("01") == other.get());
    }

    void everyEntryIsVisitedOnce() {
        SidTable table;
        std::map<std::string, int> seen;
        for (int i = 0; i < 1000; ++i) {
            table.insert(subscription("a", std::to_string(i)));
        }

        table.forEach([&](Subscription& one) { ++seen[std::string(one.sid())]; });

        CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, seen.size());
        for (const auto& [sid, count] : seen) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(sid, 1, count);
        }
    }

    // Model: a map. Grows and shrinks through several sizes of the table.
    void behavesLikeAMap() {
        tests::Random random;
        SidTable table;
        std::map<std::string, Subscription*> model;
        for (int i = 0; i < 60'000; ++i) {
            const std::string sid = std::to_string(random.below(3000));
            const bool growing = (i / 10'000) % 2 == 0;
            const auto known = model.find(sid);
            CPPUNIT_ASSERT_MESSAGE(
                random.seed(), table.find(sid) == (known == model.end() ? nullptr : known->second));
            if (known == model.end() && (growing || random.below(8) == 0)) {
                Ref<Subscription> made = subscription("a", sid);
                model[sid] = made.get();
                table.insert(std::move(made));
            } else if (known != model.end() && (!growing || random.below(8) == 0)) {
                CPPUNIT_ASSERT_MESSAGE(random.seed(), table.remove(sid).get() == known->second);
                model.erase(known);
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed(), model.size(), table.size());
        }
        for (const auto& [sid, one] : model) {
            CPPUNIT_ASSERT_MESSAGE(random.seed(), table.find(sid) == one);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SidTableTest);

}  // namespace gnatsd::kernel
