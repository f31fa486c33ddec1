#include "kernel/Sublist.h"
#include "tests/kernel/SublistFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::kernel {

class SublistFreshTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SublistFreshTest);
    CPPUNIT_TEST(aResultIsFreshUntilSomethingChanges);
    CPPUNIT_TEST(everyChangeThatMattersMakesItStale);
    CPPUNIT_TEST(aStaleStampStaysStaleUntilTheNextMatch);
    CPPUNIT_TEST(changesOfOtherSubjectsSeldomMakeItStale);
    CPPUNIT_TEST(patternsOfOtherFirstTokensSeldomMakeItStale);
    CPPUNIT_TEST(freshBringsTheVersionUpToDate);
    CPPUNIT_TEST(aRemoveInVainChangesNothing);
    CPPUNIT_TEST(subjectsThatMatchNobodyHaveStampsToo);
    CPPUNIT_TEST_SUITE_END();

    // 100 changes elsewhere may hit the same of 8,192 slots now and then, not often.
    static constexpr int kChanges = 100;
    static constexpr int kAccidents = 5;

    void aResultIsFreshUntilSomethingChanges() {
        Sublist list;
        subscribe(list, "a.b", "1");
        Sublist::Stamp stamp{};
        const Ref<MatchResult> result = list.match("a.b", stamp);

        CPPUNIT_ASSERT(list.fresh("a.b", stamp));
        CPPUNIT_ASSERT_EQUAL(list.version(), stamp.version);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(*result));
    }

    void everyChangeThatMattersMakesItStale() {
        for (const char* pattern : {"a.b", "a.*", "a.>", "*.b", "*.*", ">", "*.>"}) {
            Sublist list;
            Sublist::Stamp stamp{};
            list.match("a.b", stamp);
            const Ref<Subscription> one = subscribe(list, pattern, "1");
            CPPUNIT_ASSERT_MESSAGE(pattern, !list.fresh("a.b", stamp));

            list.match("a.b", stamp);
            CPPUNIT_ASSERT_MESSAGE(pattern, list.fresh("a.b", stamp));
            list.remove(*one);
            CPPUNIT_ASSERT_MESSAGE(pattern, !list.fresh("a.b", stamp));
        }
    }

    void aStaleStampStaysStaleUntilTheNextMatch() {
        Sublist list;
        Sublist::Stamp stamp{};
        list.match("a.b", stamp);
        subscribe(list, "a.b", "1");

        CPPUNIT_ASSERT(!list.fresh("a.b", stamp));
        CPPUNIT_ASSERT(!list.fresh("a.b", stamp));
        subscribe(list, "other", "2");
        CPPUNIT_ASSERT(!list.fresh("a.b", stamp));
        list.match("a.b", stamp);
        CPPUNIT_ASSERT(list.fresh("a.b", stamp));
    }

    void changesOfOtherSubjectsSeldomMakeItStale() {
        Sublist list;
        int stale = 0;
        for (int i = 0; i < kChanges; ++i) {
            Sublist::Stamp stamp{};
            list.match("a.b", stamp);
            subscribe(list, "a.b." + std::to_string(i), "1");
            stale += list.fresh("a.b", stamp) ? 0 : 1;
        }
        CPPUNIT_ASSERT(stale <= kAccidents);
    }

    void patternsOfOtherFirstTokensSeldomMakeItStale() {
        Sublist list;
        int stale = 0;
        for (int i = 0; i < kChanges; ++i) {
            Sublist::Stamp stamp{};
            list.match("a.b", stamp);
            subscribe(list, "x" + std::to_string(i) + ".*", "1");
            stale += list.fresh("a.b", stamp) ? 0 : 1;
        }
        CPPUNIT_ASSERT(stale <= kAccidents);
    }

    void freshBringsTheVersionUpToDate() {
        Sublist list;
        Sublist::Stamp stamp{};
        bool seen = false;
        for (int i = 0; i < kChanges && !seen; ++i) {
            list.match("a.b", stamp);
            subscribe(list, "c." + std::to_string(i), "1");
            const bool behind = stamp.version != list.version();
            seen = behind && list.fresh("a.b", stamp) && stamp.version == list.version();
        }
        CPPUNIT_ASSERT(seen);
    }

    void aRemoveInVainChangesNothing() {
        Sublist list;
        Sublist::Stamp stamp{};
        list.match("a.b", stamp);
        const std::uint64_t version = list.version();

        CPPUNIT_ASSERT(!list.remove(*subscription("a.b", "1")));
        CPPUNIT_ASSERT(!list.remove(*subscription("a.*", "1")));
        CPPUNIT_ASSERT_EQUAL(version, list.version());
        CPPUNIT_ASSERT(list.fresh("a.b", stamp));
    }

    void subjectsThatMatchNobodyHaveStampsToo() {
        for (const char* subject : {"", ".", "a..b", "nobody"}) {
            Sublist list;
            Sublist::Stamp stamp{};
            CPPUNIT_ASSERT_MESSAGE(subject, list.match(subject, stamp)->empty());
            CPPUNIT_ASSERT_MESSAGE(subject, list.fresh(subject, stamp));
            subscribe(list, ">", "1");
            CPPUNIT_ASSERT_MESSAGE(subject, !list.fresh(subject, stamp));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SublistFreshTest);

}  // namespace gnatsd::kernel
