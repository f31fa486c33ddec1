#include "kernel/Sublist.h"
#include "tests/kernel/SublistFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::kernel {

class SublistTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SublistTest);
    CPPUNIT_TEST(matchesTheExamples);
    CPPUNIT_TEST(literalAndPatternAreBothFound);
    CPPUNIT_TEST(wildcardBytesInsideATokenAreText);
    CPPUNIT_TEST(wildcardsInAPublishedSubjectAreText);
    CPPUNIT_TEST(emptyTokensReachNobody);
    CPPUNIT_TEST(aSubscriptionIsFoundOnce);
    CPPUNIT_TEST(everyPlainSubscriptionIsFound);
    CPPUNIT_TEST(queueGroupsAreOneOverAllMatchingSubjects);
    CPPUNIT_TEST(thousandsOfQueueNamesAreKeptApart);
    CPPUNIT_TEST(removeAnswersWhetherItWasThere);
    CPPUNIT_TEST(theSubjectOutlivesItsFirstSubscription);
    CPPUNIT_TEST(patternsPartAndJoinAgain);
    CPPUNIT_TEST(thousandsOnOneSubjectGoInAnyOrder);
    CPPUNIT_TEST(subjectsOfTwoThousandTokens);
    CPPUNIT_TEST(starsInEveryCombination);
    CPPUNIT_TEST(countsInsertsAndRemoves);
    CPPUNIT_TEST(theListSharesOwnership);
    CPPUNIT_TEST_SUITE_END();

    static void check(Sublist& list, const char* subject, const std::string& expected) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(subject, expected, matchText(list, subject));
    }

    // CP-131, CP-137
    void matchesTheExamples() {
        Sublist list;
        subscribe(list, "a.*.c", "1");
        subscribe(list, "a.b.*", "2");
        subscribe(list, "a.>", "3");
        subscribe(list, "stats.*.*", "4");
        subscribe(list, "foo", "5");
        subscribe(list, "foo.>", "6");
        subscribe(list, "*", "7");

        check(list, "a.b.c", "1 2 3");
        check(list, "stats.test.22", "4");
        check(list, "foo.bar", "6");
        check(list, "foo", "5 7");
        check(list, "a.b.c.d", "3");
        check(list, "a", "7");
    }

    void literalAndPatternAreBothFound() {
        Sublist list;
        subscribe(list, "a.b", "1");
        subscribe(list, "a.*", "2");
        subscribe(list, "*.b", "3");
        subscribe(list, ">", "4");
        subscribe(list, "*.>", "5");

        check(list, "a.b", "1 2 3 4 5");
        check(list, "a", "4");
        check(list, "c.b", "3 4 5");
        check(list, "a.b.c", "4 5");
    }

    // CP-133
    void wildcardBytesInsideATokenAreText() {
        Sublist list;
        subscribe(list, "foo*", "1");
        subscribe(list, "*foo", "2");
        subscribe(list, ">foo.bar", "3");
        subscribe(list, "foo*.*", "4");

        check(list, "foo*", "1");
        check(list, "foox", "");
        check(list, "xfoo", "");
        check(list, "*foo", "2");
        check(list, ">foo.bar", "3");
        check(list, "x.bar", "");
        check(list, "foo*.a", "4");
        check(list, "foox.a", "");
    }

    // CP-134
    void wildcardsInAPublishedSubjectAreText() {
        Sublist list;
        subscribe(list, "foo.*", "1");
        subscribe(list, ">", "2");
        subscribe(list, "foo.bar", "3");
        subscribe(list, "foo.>", "4");
        subscribe(list, "*.bar", "5");

        check(list, "foo.*", "1 2 4");
        check(list, "foo.>", "1 2 4");
        check(list, ">.bar", "2 5");
        check(list, "*.bar", "2 5");
        check(list, ">", "2");
        check(list, "foo.bar", "1 2 3 4 5");
    }

    // CP-134
    void emptyTokensReachNobody() {
        Sublist list;
        subscribe(list, ">", "1");
        subscribe(list, "foo.*", "2");
        subscribe(list, "*.*.*", "3");

        for (const char* subject : {"", ".", "foo.", ".foo", "foo..bar", "foo.bar."}) {
            check(list, subject, "");
        }
    }

    // CP-136
    void aSubscriptionIsFoundOnce() {
        Sublist list;
        subscribe(list, "*.*.*.>", "1");
        subscribe(list, "*.b.>", "2");
        subscribe(list, "a.*.>", "3");

        check(list, "a.b.c.d.e.f", "1 2 3");
    }

    // CP-140
    void everyPlainSubscriptionIsFound() {
        Sublist list;
        subscribe(list, "foo", "1");
        subscribe(list, "foo", "2");
        subscribe(list, "foo", "3");
        subscribe(list, "f*", "4");
        subscribe(list, "*", "5");
        subscribe(list, "*", "6");

        check(list, "foo", "1 2 3 5 6");
    }

    // CP-141
    void queueGroupsAreOneOverAllMatchingSubjects() {
        Sublist list;
        subscribe(list, "foo.*", "1", "q");
        subscribe(list, "foo.>", "2", "q");
        subscribe(list, "*.a", "3", "q");
        subscribe(list, "foo.a", "4", "q");
        subscribe(list, "foo.a", "5", "r");
        subscribe(list, "foo.*", "6");

        check(list, "foo.a", "6 | q: 1 2 3 4 | r: 5");
        check(list, "foo.b", "6 | q: 1 2");
        check(list, "bar.a", " | q: 3");
    }

    void thousandsOfQueueNamesAreKeptApart() {
        Sublist list;
        for (int i = 0; i < 5000; ++i) {
            subscribe(list, i % 2 == 0 ? "a.b" : "a.*", std::to_string(i),
                      "q" + std::to_string(i % 2500));
        }

        Sublist::Stamp stamp{};
        const Ref<MatchResult> result = list.match("a.b", stamp);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2500}, result->queues.size());
        for (const MatchResult::Subscriptions& group : result->queues) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, group.size());
            CPPUNIT_ASSERT(group[0]->queue() == group[1]->queue());
            CPPUNIT_ASSERT(group[0]->sid() != group[1]->sid());
        }
    }

    void removeAnswersWhetherItWasThere() {
        Sublist list;
        for (const char* subject : {"a.b", "a.*", ">"}) {
            const Ref<Subscription> one = subscribe(list, subject, "1");
            const Ref<Subscription> twin = subscription(subject, "1");

            CPPUNIT_ASSERT_MESSAGE(subject, !list.remove(*twin));
            list.insert(twin);
            CPPUNIT_ASSERT_MESSAGE(subject, list.remove(*one));
            CPPUNIT_ASSERT_MESSAGE(subject, !list.remove(*one));
            CPPUNIT_ASSERT_MESSAGE(subject, list.remove(*twin));
            CPPUNIT_ASSERT_MESSAGE(subject, !list.remove(*twin));
        }
        CPPUNIT_ASSERT(!list.remove(*subscription("a.c.*", "1")));
        CPPUNIT_ASSERT(!list.remove(*subscription("b", "1")));
        check(list, "a.b", "");
    }

    // The list keeps no subject of its own: the next subscription's bytes take over.
    void theSubjectOutlivesItsFirstSubscription() {
        for (const char* subject : {"a.long.subject.with.tokens", "a.long.*.with.tokens"}) {
            Sublist list;
            Ref<Subscription> first = subscribe(list, subject, "1");
            subscribe(list, subject, "2");
            subscribe(list, subject, "3");

            CPPUNIT_ASSERT(list.remove(*first));
            first.reset();
            check(list, "a.long.subject.with.tokens", "2 3");
            subscribe(list, subject, "4");
            check(list, "a.long.subject.with.tokens", "2 3 4");
            check(list, "a.long.subject.with.token", "");
        }
    }

    void patternsPartAndJoinAgain() {
        Sublist list;
        const Ref<Subscription> deep = subscribe(list, "a.b.c.*.e", "1");
        const Ref<Subscription> end = subscribe(list, "a.b.*", "2");
        const Ref<Subscription> tail = subscribe(list, "a.b.*.>", "3");
        const Ref<Subscription> star = subscribe(list, "a.*", "4");
        check(list, "a.b.c.d.e", "1 3");
        check(list, "a.b.c", "2");
        check(list, "a.b", "4");

        CPPUNIT_ASSERT(list.remove(*end));
        check(list, "a.b.c", "");
        check(list, "a.b.c.d.e", "1 3");
        CPPUNIT_ASSERT(list.remove(*deep));
        check(list, "a.b.c.d.e", "3");
        CPPUNIT_ASSERT(list.remove(*tail));
        check(list, "a.b.c.d.e", "");
        CPPUNIT_ASSERT(list.remove(*star));
        check(list, "a.b", "");
        list.insert(deep);
        check(list, "a.b.c.d.e", "1");
    }

    void thousandsOnOneSubjectGoInAnyOrder() {
        for (const char* subject : {"hot.subject", "hot.*"}) {
            Sublist list;
            std::vector<Ref<Subscription>> all;
            all.reserve(10'000);
            for (int i = 0; i < 10'000; ++i) {
                all.push_back(subscribe(list, subject, std::to_string(i)));
            }
            for (std::size_t i = 0; i < all.size(); ++i) {
                const std::size_t which = i * 7919 % all.size();
                CPPUNIT_ASSERT_MESSAGE(std::to_string(which), list.remove(*all[which]));
                CPPUNIT_ASSERT_MESSAGE(std::to_string(which), !list.remove(*all[which]));
                if (i % 1000 == 0) {
                    Sublist::Stamp stamp{};
                    CPPUNIT_ASSERT_EQUAL(all.size() - i - 1,
                                         list.match("hot.subject", stamp)->plain.size());
                }
            }
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, list.size());
            check(list, "hot.subject", "");
        }
    }

    // CP-130; 4096 bytes are one control line
    void subjectsOfTwoThousandTokens() {
        std::string literal;
        std::string stars;
        for (int i = 0; i < 2000; ++i) {
            literal += "a.";
            stars += "*.";
        }
        Sublist list;
        const std::vector<Ref<Subscription>> all{
            subscribe(list, literal + "a", "1"),        subscribe(list, stars + "a", "2"),
            subscribe(list, stars + "b", "3"),          subscribe(list, literal + "*", "4"),
            subscribe(list, literal + ">", "5"),        subscribe(list, stars + ">", "6"),
            subscribe(list, stars + "a.b", "7"),        subscribe(list, literal + "*.>", "8"),
            subscribe(list, "*." + literal + "a", "x"), subscribe(list, literal + "a.*", "9")};

        CPPUNIT_ASSERT_EQUAL(std::string("1 2 4 5 6"), matchText(list, literal + "a"));
        CPPUNIT_ASSERT_EQUAL(std::string("5 6 7 8 9"), matchText(list, literal + "a.b"));
        CPPUNIT_ASSERT_EQUAL(std::string("5 6 8"), matchText(list, literal + literal + "a"));
        for (const Ref<Subscription>& one : all) {
            CPPUNIT_ASSERT_MESSAGE(std::string(one->sid()), list.remove(*one));
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), matchText(list, literal + "a"));
    }

    // 2^11 patterns over one subject: all are found, each once, and the walk ends.
    void starsInEveryCombination() {
        constexpr unsigned kTokens = 11;
        Sublist list;
        std::vector<Ref<Subscription>> all;
        for (unsigned bits = 0; bits < (1U << kTokens); ++bits) {
            std::string pattern;
            for (unsigned i = 0; i < kTokens; ++i) {
                pattern += (i == 0 ? "" : ".");
                pattern += ((bits >> i) & 1U) != 0 ? "*" : "a";
            }
            all.push_back(subscribe(list, pattern, std::to_string(bits)));
        }
        const std::string subject = "a.a.a.a.a.a.a.a.a.a.a";
        Sublist::Stamp stamp{};

        CPPUNIT_ASSERT_EQUAL(all.size(), list.match(subject, stamp)->plain.size());
        CPPUNIT_ASSERT_EQUAL(all.size() / 2,
                             list.match("b" + subject.substr(1), stamp)->plain.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, list.match(subject + ".a", stamp)->plain.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            CPPUNIT_ASSERT(list.remove(*all[i]));
            CPPUNIT_ASSERT_EQUAL(all.size() - i - 1, list.match(subject, stamp)->plain.size());
        }
    }

    void countsInsertsAndRemoves() {
        Sublist list;
        const Ref<Subscription> one = subscribe(list, "a", "1");
        subscribe(list, "a.*", "2");
        list.remove(*one);
        list.remove(*one);

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, list.inserts());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, list.removes());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, list.size());
    }

    void theListSharesOwnership() {
        const Ref<Subscription> literal = subscription("a", "1");
        const Ref<Subscription> twin = subscription("a", "2");
        const Ref<Subscription> pattern = subscription("a.*", "3");
        Sublist::Stamp stamp{};
        Ref<MatchResult> result;
        {
            Sublist list;
            list.insert(literal);
            list.insert(twin);
            list.insert(pattern);
            CPPUNIT_ASSERT_EQUAL(2U, literal->refCount());
            result = list.match("a", stamp);
            CPPUNIT_ASSERT_EQUAL(3U, literal->refCount());
            list.remove(*twin);
            CPPUNIT_ASSERT_EQUAL(2U, twin->refCount());
        }
        CPPUNIT_ASSERT_EQUAL(1U, pattern->refCount());
        CPPUNIT_ASSERT_EQUAL(2U, literal->refCount());
        CPPUNIT_ASSERT_EQUAL(std::string("1 2"), textOf(*result));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SublistTest);

}  // namespace gnatsd::kernel
