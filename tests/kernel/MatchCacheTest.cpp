#include "kernel/MatchCache.h"
#include "tests/kernel/SublistFixture.h"
#include "tests/support/Random.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::kernel {

class MatchCacheTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MatchCacheTest);
    CPPUNIT_TEST(secondLookupIsAHit);
    CPPUNIT_TEST(changesAreSeenAtOnce);
    CPPUNIT_TEST(changesElsewhereCostNothing);
    CPPUNIT_TEST(nobodyIsRememberedToo);
    CPPUNIT_TEST(accountsAreSeparate);
    CPPUNIT_TEST(manySubjectsAreKept);
    CPPUNIT_TEST(fullCacheTakesNewSubjectsIn);
    CPPUNIT_TEST(fullCacheKeepsWhatIsUsed);
    CPPUNIT_TEST(subjectsWithEqualPrefixesAreDifferent);
    CPPUNIT_TEST(memoryIsBounded);
    CPPUNIT_TEST(behavesLikeAFreshMatch);
    CPPUNIT_TEST(disabledCacheKeepsNothing);
    CPPUNIT_TEST_SUITE_END();

    // OPT-157
    void disabledCacheKeepsNothing() {
        Account account("$G");
        MatchCache cache;
        cache.disable();
        subscribe(account.sublist(), "a.*", "1");

        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(account, "a.b")));
        }

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, cache.hits());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, cache.misses());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, cache.size());
    }

    void secondLookupIsAHit() {
        Account account("$G");
        MatchCache cache;
        subscribe(account.sublist(), "a.*", "1");

        CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(account, "a.b")));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, cache.hits());
        CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(account, "a.b")));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, cache.hits());
        cache.lookup(account, "a.c");
        CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(account, "a.b")));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, cache.hits());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, cache.misses());
    }

    void changesAreSeenAtOnce() {
        Account account("$G");
        MatchCache cache;
        CPPUNIT_ASSERT_EQUAL(std::string(), textOf(cache.lookup(account, "a.b")));

        const Ref<Subscription> literal = subscribe(account.sublist(), "a.b", "1");
        CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(account, "a.b")));
        const Ref<Subscription> star = subscribe(account.sublist(), "*.b", "2");
        CPPUNIT_ASSERT_EQUAL(std::string("1 2"), textOf(cache.lookup(account, "a.b")));
        const Ref<Subscription> queue = subscribe(account.sublist(), "a.>", "3", "q");
        CPPUNIT_ASSERT_EQUAL(std::string("1 2 | q: 3"), textOf(cache.lookup(account, "a.b")));
        account.sublist().remove(*star);
        CPPUNIT_ASSERT_EQUAL(std::string("1 | q: 3"), textOf(cache.lookup(account, "a.b")));
        account.sublist().remove(*literal);
        account.sublist().remove(*queue);
        CPPUNIT_ASSERT_EQUAL(std::string(), textOf(cache.lookup(account, "a.b")));
    }

    void changesElsewhereCostNothing() {
        Account account("$G");
        MatchCache cache;
        subscribe(account.sublist(), "a.b", "1");
        cache.lookup(account, "a.b");
        const std::uint64_t misses = cache.misses();

        int stale = 0;
        for (int i = 0; i < 1000; ++i) {
            subscribe(account.sublist(), "other." + std::to_string(i), "2");
            CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(account, "a.b")));
            stale = static_cast<int>(cache.misses() - misses);
        }
        // A few may fall on the same of the sublist's counters.
        CPPUNIT_ASSERT_MESSAGE(std::to_string(stale), stale < 10);
    }

    void nobodyIsRememberedToo() {
        Account account("$G");
        MatchCache cache;

        cache.lookup(account, "a.b");
        cache.lookup(account, "x");
        cache.lookup(account, "a.b");

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, cache.hits());
    }

    void accountsAreSeparate() {
        Account one("one");
        Account two("two");
        MatchCache cache;
        subscribe(one.sublist(), "a", "1");
        subscribe(two.sublist(), "a", "2");

        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(one, "a")));
            CPPUNIT_ASSERT_EQUAL(std::string("2"), textOf(cache.lookup(two, "a")));
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, cache.misses());
    }

    /// Looks each of `count` subjects up; answers how many were misses.
    static std::uint64_t round(MatchCache& cache, Account& account, int count) {
        const std::uint64_t before = cache.misses();
        for (int i = 0; i < count; ++i) {
            const std::string subject = "s." + std::to_string(i);
            const std::string got = textOf(cache.lookup(account, subject));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(subject, std::string(i % 100 == 0 ? "0 1" : "0"), got);
        }
        return cache.misses() - before;
    }

    static void populate(Account& account, int count) {
        subscribe(account.sublist(), "s.*", "0");
        for (int i = 0; i < count; i += 100) {
            subscribe(account.sublist(), "s." + std::to_string(i), "1");
        }
    }

    // At least 16,000 subjects per reactor.
    void manySubjectsAreKept() {
        constexpr int kCount = 20'000;
        Account account("$G");
        MatchCache cache;
        populate(account, kCount);

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{kCount}, round(cache, account, kCount));
        const std::uint64_t misses = round(cache, account, kCount);

        CPPUNIT_ASSERT_MESSAGE(std::to_string(misses), misses < kCount / 100);
        CPPUNIT_ASSERT(cache.size() > 16'000);
    }

    void fullCacheTakesNewSubjectsIn() {
        constexpr int kCount = 100'000;
        Account account("$G");
        MatchCache cache;
        populate(account, kCount);

        round(cache, account, kCount);
        CPPUNIT_ASSERT(cache.size() <= MatchCache::kMaxSlots);
        for (int i = 0; i < 20; ++i) {
            cache.lookup(account, "s.new");
            cache.lookup(account, "s.5");
        }
        const std::uint64_t misses = cache.misses();
        cache.lookup(account, "s.new");
        cache.lookup(account, "s.5");

        CPPUNIT_ASSERT_EQUAL(misses, cache.misses());
    }

    void fullCacheKeepsWhatIsUsed() {
        constexpr int kUsed = 1'000;
        Account account("$G");
        MatchCache cache;
        populate(account, kUsed);
        round(cache, account, 90'000 / 100);  // some of them first
        for (int i = 0; i < 90'000; ++i) {
            cache.lookup(account, "fill." + std::to_string(i));
        }
        round(cache, account, kUsed);
        round(cache, account, kUsed);

        // Inboxes: each used once.
        for (int i = 0; i < 50'000; ++i) {
            cache.lookup(account, "_INBOX." + std::to_string(i));
        }

        const std::uint64_t misses = round(cache, account, kUsed);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(misses), misses < kUsed / 4);
    }

    void subjectsWithEqualPrefixesAreDifferent() {
        Account account("$G");
        MatchCache cache;
        subscribe(account.sublist(), "abcdefgh", "1");
        subscribe(account.sublist(), "abcdefghi", "2");
        subscribe(account.sublist(), "abcdefgH", "3");

        for (int i = 0; i < 2; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("1"), textOf(cache.lookup(account, "abcdefgh")));
            CPPUNIT_ASSERT_EQUAL(std::string("2"), textOf(cache.lookup(account, "abcdefghi")));
            CPPUNIT_ASSERT_EQUAL(std::string("3"), textOf(cache.lookup(account, "abcdefgH")));
            CPPUNIT_ASSERT_EQUAL(std::string(), textOf(cache.lookup(account, "abcdefg")));
        }
    }

    // A thousand receivers of 65,536 subjects would be half a gigabyte.
    void memoryIsBounded() {
        Account account("$G");
        MatchCache cache;
        for (int i = 0; i < 1000; ++i) {
            subscribe(account.sublist(), ">", std::to_string(i));
        }
        const std::string longName(3000, 'x');

        for (int i = 0; i < 30'000; ++i) {
            const MatchResult& result = cache.lookup(account, longName + std::to_string(i));
            CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, result.plain.size());
            CPPUNIT_ASSERT(cache.bytes() <= MatchCache::kMostBytes);
        }

        cache.lookup(account, "a");
        const std::uint64_t misses = cache.misses();
        cache.lookup(account, "a");
        CPPUNIT_ASSERT_EQUAL(misses, cache.misses());
        const std::size_t before = cache.bytes();
        cache.lookup(account, "abc");
        CPPUNIT_ASSERT_EQUAL(before + 3 + 8000, cache.bytes());
    }

    // Model: the sublist itself.
    void behavesLikeAFreshMatch() {
        static const std::vector<std::string> kTokens{"a", "b", "c"};
        static const std::vector<std::string> kPatternTokens{"a", "b", "c", "*"};
        tests::Random random;
        const auto name = [&](const std::vector<std::string>& tokens) {
            std::string text;
            for (unsigned i = random.below(3);; --i) {
                text += tokens[random.below(static_cast<unsigned>(tokens.size()))];
                if (i == 0) {
                    return text;
                }
                text += '.';
            }
        };
        Account account("$G");
        MatchCache cache;
        std::vector<Ref<Subscription>> live;
        for (int i = 0; i < 20'000; ++i) {
            if (live.empty() || random.below(10) == 0) {
                const std::string pattern =
                    name(kPatternTokens) + (random.below(5) == 0 ? ".>" : "");
                live.push_back(subscribe(account.sublist(), pattern, std::to_string(i),
                                         random.below(3) == 0 ? "q" : ""));
            } else if (live.size() > 20 || random.below(12) == 0) {
                const std::size_t at = random.below(static_cast<unsigned>(live.size()));
                account.sublist().remove(*live[at]);
                live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
            }
            const std::string subject = name(kTokens);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed() + ": " + subject,
                                         matchText(account.sublist(), subject),
                                         textOf(cache.lookup(account, subject)));
        }
        CPPUNIT_ASSERT(cache.hits() > 1000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MatchCacheTest);

}  // namespace gnatsd::kernel
