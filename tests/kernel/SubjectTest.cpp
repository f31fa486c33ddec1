#include "kernel/Subject.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <bit>
#include <set>
#include <string>

namespace gnatsd::kernel {

class SubjectTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SubjectTest);
    CPPUNIT_TEST(patternsMayHaveWildcardsAsWholeTokens);
    CPPUNIT_TEST(patternsHaveNoEmptyTokenAndATailOnlyAtTheEnd);
    CPPUNIT_TEST(publishableIsAnythingWithoutEmptyTokens);
    CPPUNIT_TEST(literalIsPublishableWithoutWildcardTokens);
    CPPUNIT_TEST(wildcardsAreTokensOfOneByte);
    CPPUNIT_TEST(starMatchesOneTokenAndTailOneOrMore);
    CPPUNIT_TEST(wildcardsInAPublishedSubjectAreText);
    CPPUNIT_TEST(tokensMayHoldAnyBytes);
    CPPUNIT_TEST(longSubjectsMatch);
    CPPUNIT_TEST(tokensAreTakenOneByOne);
    CPPUNIT_TEST(hashDependsOnEveryBitAndTheSeed);
    CPPUNIT_TEST(hashesOfSimilarSubjectsSpread);
    CPPUNIT_TEST_SUITE_END();

    // CP-132
    void patternsMayHaveWildcardsAsWholeTokens() {
        for (const char* good : {"a", "a.b.c", "*", ">", "a.*", "*.a", "a.>", "*.*.>", "$SYS.>"}) {
            CPPUNIT_ASSERT_MESSAGE(good, isPattern(good));
        }
    }

    // CP-132
    void patternsHaveNoEmptyTokenAndATailOnlyAtTheEnd() {
        for (const char* bad : {"", ".", ".a", "a.", "a..b", "..", ">.a", "a.>.b", ">.>", "*."}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !isPattern(bad));
        }
    }

    // CP-134
    void publishableIsAnythingWithoutEmptyTokens() {
        for (const char* good : {"a", "a.b", "foo.*", ">", ">.a", "*.>.b"}) {
            CPPUNIT_ASSERT_MESSAGE(good, isPublishable(good));
        }
        for (const char* bad : {"", ".", ".a", "a.", "a..b", "a.b..", "..a"}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !isPublishable(bad));
        }
    }

    // CP-135
    void literalIsPublishableWithoutWildcardTokens() {
        for (const char* good : {"a", "a.b", "foo*", "*foo", ">foo.bar", "a.**", "a.>>"}) {
            CPPUNIT_ASSERT_MESSAGE(good, isLiteral(good));
        }
        for (const char* bad : {"", "a..b", "*", ">", "a.*", "*.a", "a.*.b", "a.>", ">.a"}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !isLiteral(bad));
        }
    }

    // CP-133
    void wildcardsAreTokensOfOneByte() {
        for (const char* with : {"*", ">", "a.*", "*.a", "a.*.b", "a.>"}) {
            CPPUNIT_ASSERT_MESSAGE(with, hasWildcard(with));
        }
        for (const char* without : {"foo*", "*foo", ">foo.bar", "a.**.b", "a.>>"}) {
            CPPUNIT_ASSERT_MESSAGE(without, !hasWildcard(without));
            CPPUNIT_ASSERT_MESSAGE(without, isPattern(without));
            CPPUNIT_ASSERT_MESSAGE(without, matches(without, without));
        }
        CPPUNIT_ASSERT(!matches("*foo", "xfoo"));
        CPPUNIT_ASSERT(!matches("foo*", "foox"));
        CPPUNIT_ASSERT(!matches(">foo.bar", "a.bar"));
    }

    // CP-131, CP-137
    void starMatchesOneTokenAndTailOneOrMore() {
        struct Case {
            const char* pattern;
            const char* subject;
            bool expected;
        };
        for (const Case& c : std::initializer_list<Case>{{"a.*.c", "a.b.c", true},
                                                         {"a.b.*", "a.b.c", true},
                                                         {"a.>", "a.b.c", true},
                                                         {"stats.*.*", "stats.test.22", true},
                                                         {"foo", "foo.bar", false},
                                                         {"foo.bar", "foo", false},
                                                         {"foo.>", "foo", false},
                                                         {"*", "foo.bar", false},
                                                         {"*.*", "foo", false},
                                                         {">", "a", true},
                                                         {">", "a.b.c.d", true},
                                                         {"*.>", "a", false},
                                                         {"*.>", "a.b", true},
                                                         {"foo", "fo", false},
                                                         {"fo", "foo", false},
                                                         {"a.*.c", "a.b.d", false}}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(c.pattern) + " ~ " + c.subject, c.expected,
                                         matches(c.pattern, c.subject));
        }
    }

    // CP-134
    void wildcardsInAPublishedSubjectAreText() {
        CPPUNIT_ASSERT(matches("foo.*", "foo.*"));
        CPPUNIT_ASSERT(matches(">", "foo.*"));
        CPPUNIT_ASSERT(!matches("foo.bar", "foo.*"));
        CPPUNIT_ASSERT(!matches("foo.bar", "foo.>"));
        CPPUNIT_ASSERT(!matches("foo.bar", ">"));
        CPPUNIT_ASSERT(matches("*.foo", ">.foo"));
    }

    // CP-130
    void tokensMayHoldAnyBytes() {
        const std::string_view nul("a.\0b.c", 6);
        const std::string_view other("a.\0c.c", 6);

        CPPUNIT_ASSERT(isPattern(nul) && isLiteral(nul));
        CPPUNIT_ASSERT(matches(nul, nul) && !matches(nul, other));
        CPPUNIT_ASSERT(matches("a.*.c", nul));
        CPPUNIT_ASSERT(matches("grüße.*", "grüße.\xf0\x9f\x98\x80"));
        CPPUNIT_ASSERT(isLiteral("\xff\xfe.\x80"));
    }

    // CP-130
    void longSubjectsMatch() {
        std::string literal = "a";
        std::string stars = "*";
        for (int i = 1; i < 2000; ++i) {
            literal += ".a";
            stars += ".*";
        }

        CPPUNIT_ASSERT_EQUAL(std::size_t{2000}, tokenCount(literal));
        CPPUNIT_ASSERT(isPattern(stars) && isLiteral(literal));
        CPPUNIT_ASSERT(matches(stars, literal));
        CPPUNIT_ASSERT(!matches(stars, literal + ".a"));
        CPPUNIT_ASSERT(matches(stars + ".>", literal + ".a"));
        CPPUNIT_ASSERT(!matches(stars + ".>", literal));
    }

    void tokensAreTakenOneByOne() {
        Tokens tokens("a..bc");
        std::string text;
        for (std::string_view token; tokens.next(token);) {
            text.append("[").append(token).append("]");
        }

        CPPUNIT_ASSERT_EQUAL(std::string("[a][][bc]"), text);
        CPPUNIT_ASSERT_EQUAL(std::string_view("svc"), firstToken("svc.1.x"));
        CPPUNIT_ASSERT_EQUAL(std::string_view("svc"), firstToken("svc"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, tokenCount("svc"));
    }

    void hashDependsOnEveryBitAndTheSeed() {
        for (std::size_t size = 0; size <= 70; ++size) {
            const std::string bytes(size, 'a');
            const std::uint64_t hash = hashBytes(bytes, 7);
            const std::string which = "size " + std::to_string(size);

            CPPUNIT_ASSERT_MESSAGE(which, hash != hashBytes(bytes, 8));
            CPPUNIT_ASSERT_MESSAGE(which, hash != hashBytes(bytes + "a", 7));
            for (std::size_t bit = 0; bit < size * 8; ++bit) {
                std::string other = bytes;
                other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
                const int changed = std::popcount(hash ^ hashBytes(other, 7));
                CPPUNIT_ASSERT_MESSAGE(which + " bit " + std::to_string(bit), changed >= 10);
            }
        }
    }

    void hashesOfSimilarSubjectsSpread() {
        // 65,536 balls in 65,536 boxes: about 63 % of the boxes are hit when chance decides.
        std::set<std::uint64_t> low;
        std::set<std::uint64_t> high;
        for (int i = 0; i < 65536; ++i) {
            const std::uint64_t hash = hashBytes("svc." + std::to_string(i) + ".x", 1);
            low.insert(hash & 0xffffU);
            high.insert(hash >> 48U);
        }

        CPPUNIT_ASSERT(low.size() > 40'500 && low.size() < 42'500);
        CPPUNIT_ASSERT(high.size() > 40'500 && high.size() < 42'500);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SubjectTest);

}  // namespace gnatsd::kernel
