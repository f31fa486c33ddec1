#include "kernel/SubjectFilter.h"
#include "tests/support/Random.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <vector>

namespace gnatsd::kernel {

namespace {

using Words = std::vector<std::string>;

Words words(std::string_view text) {
    Words result;
    Tokens tokens(text);
    for (std::string_view token; tokens.next(token);) {
        result.emplace_back(token);
    }
    return result;
}

/// The naive matcher.
bool fits(const Words& pattern, const Words& subject) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (i == subject.size()) {
            return false;
        }
        if (pattern[i] == ">") {
            return true;
        }
        if (pattern[i] != "*" && pattern[i] != subject[i]) {
            return false;
        }
    }
    return pattern.size() == subject.size();
}

std::string join(const Words& parts, std::string_view with) {
    std::string text;
    for (const std::string& part : parts) {
        text.append(text.empty() ? "" : with).append(part);
    }
    return text;
}

/// All subjects of up to five tokens; patterns have at most four, and know no `z`.
std::vector<Words> everySubject() {
    std::vector<Words> subjects;
    std::vector<Words> longest{{}};
    for (int length = 1; length <= 5; ++length) {
        std::vector<Words> longer;
        for (const Words& begin : longest) {
            for (const char* token : {"a", "b", "z"}) {
                longer.push_back(begin);
                longer.back().emplace_back(token);
            }
        }
        subjects.insert(subjects.end(), longer.begin(), longer.end());
        longest = std::move(longer);
    }
    return subjects;
}

std::string randomPattern(tests::Random& random) {
    Words tokens;
    const unsigned length = 1 + random.below(4);
    for (unsigned i = 0; i < length; ++i) {
        const unsigned choice = random.below(i + 1 == length ? 8 : 6);
        tokens.emplace_back(choice < 2 ? "a" : choice < 4 ? "b" : choice < 6 ? "*" : ">");
    }
    return join(tokens, ".");
}

}  // namespace

class SubjectFilterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SubjectFilterTest);
    CPPUNIT_TEST(emptyFilterHasNothing);
    CPPUNIT_TEST(wildcardsOfAPublishedSubjectArePlainText);
    CPPUNIT_TEST(deeperSubjectsThanGrantedAreNotCovered);
    CPPUNIT_TEST(invalidSubjectsAreAnsweredToo);
    CPPUNIT_TEST(behavesLikeTheNaiveMatcher);
    CPPUNIT_TEST(longPatternsNeedNoStack);
    CPPUNIT_TEST(manyPatternsStayFast);
    CPPUNIT_TEST_SUITE_END();

    void emptyFilterHasNothing() {
        const SubjectFilter filter{std::vector<std::string>{}};

        CPPUNIT_ASSERT(filter.empty());
        CPPUNIT_ASSERT(!filter.matches("a"));
        CPPUNIT_ASSERT(!filter.covers(">"));
        CPPUNIT_ASSERT(!filter.overlaps(">"));
    }

    // CP-134, AU-35
    void wildcardsOfAPublishedSubjectArePlainText() {
        const SubjectFilter filter({"SANDBOX.*", "a.b"});

        CPPUNIT_ASSERT(filter.matches("SANDBOX.*"));
        CPPUNIT_ASSERT(filter.matches("SANDBOX.>"));
        CPPUNIT_ASSERT(!filter.matches("a.*"));
        CPPUNIT_ASSERT(!filter.matches("SANDBOX"));
        CPPUNIT_ASSERT(!filter.matches("SANDBOX.a.b"));
    }

    // AU-37
    void deeperSubjectsThanGrantedAreNotCovered() {
        const SubjectFilter inbox({"_INBOX.*"});

        CPPUNIT_ASSERT(inbox.covers("_INBOX.abc"));
        CPPUNIT_ASSERT(inbox.covers("_INBOX.*"));
        CPPUNIT_ASSERT(!inbox.covers("_INBOX.>"));
        CPPUNIT_ASSERT(!inbox.covers("_INBOX.abc.*"));
        CPPUNIT_ASSERT(!inbox.covers(">"));
        CPPUNIT_ASSERT(!inbox.covers("*.*"));
        CPPUNIT_ASSERT(SubjectFilter({"foo.>"}).covers("foo.*"));
        CPPUNIT_ASSERT(SubjectFilter({"foo.>"}).covers("foo.a.>"));
        CPPUNIT_ASSERT(!SubjectFilter({"foo.>"}).covers("foo"));
        // Together these two grant all of it, but none of them alone.
        CPPUNIT_ASSERT(!SubjectFilter({"foo.*", "foo.*.>"}).covers("foo.>"));
    }

    // AU-36: asked before anybody looks whether the subject is valid
    void invalidSubjectsAreAnsweredToo() {
        const SubjectFilter filter({"foo.>", "bar.*"});

        for (const char* subject : {"", ".", "..", "x..y", ">.x", "ba", "bar.", "bar.>.x"}) {
            CPPUNIT_ASSERT_MESSAGE(subject, !filter.covers(subject) || subject[0] == 'b');
            CPPUNIT_ASSERT_MESSAGE(subject, !filter.matches("x." + std::string(subject)));
            CPPUNIT_ASSERT_MESSAGE(subject, !filter.overlaps("x." + std::string(subject)));
        }
        CPPUNIT_ASSERT(filter.covers("foo..x"));
        CPPUNIT_ASSERT(!filter.covers("bar.>.x"));
    }

    // Model: all subjects of a small alphabet, one by one.
    void behavesLikeTheNaiveMatcher() {
        tests::Random random;
        const std::vector<Words> subjects = everySubject();
        for (int round = 0; round < 400; ++round) {
            std::vector<std::string> patterns;
            for (unsigned i = 1 + random.below(4); i > 0; --i) {
                patterns.push_back(randomPattern(random));
            }
            const SubjectFilter filter(patterns);
            const std::string asked = randomPattern(random);
            bool overlaps = false;
            std::vector<bool> covers(patterns.size(), true);
            for (const Words& subject : subjects) {
                bool any = false;
                for (std::size_t i = 0; i < patterns.size(); ++i) {
                    const bool fit = fits(words(patterns[i]), subject);
                    any |= fit;
                    if (fits(words(asked), subject)) {
                        overlaps |= fit;
                        covers[i] = covers[i] && fit;
                    }
                }
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    random.seed() + " " + join(patterns, " ") + " ? " + join(subject, "."), any,
                    filter.matches(join(subject, ".")));
            }
            const std::string what = random.seed() + " " + join(patterns, " ") + " ? " + asked;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                what, std::any_of(covers.begin(), covers.end(), [](bool one) { return one; }),
                filter.covers(asked));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, overlaps, filter.overlaps(asked));
        }
    }

    void longPatternsNeedNoStack() {
        const auto repeat = [](const std::string& token) {
            std::string text = token;
            for (int i = 1; i < 200'000; ++i) {
                text.append(".").append(token);
            }
            return text;
        };
        const SubjectFilter stars({repeat("*")});
        const SubjectFilter letters({repeat("a")});

        CPPUNIT_ASSERT(stars.matches(repeat("x")));
        CPPUNIT_ASSERT(stars.overlaps(repeat("*")));
        CPPUNIT_ASSERT(letters.overlaps(repeat("*")));
        CPPUNIT_ASSERT(letters.covers(repeat("a")));
        CPPUNIT_ASSERT(!letters.covers(repeat("*")));
    }

    // Each question visits what its tokens name, not all the patterns.
    void manyPatternsStayFast() {
        std::vector<std::string> patterns;
        for (int i = 0; i < 100'000; ++i) {
            patterns.push_back("user." + std::to_string(i) + ".>");
        }
        const SubjectFilter filter(patterns);

        for (int i = 0; i < 100'000; ++i) {
            CPPUNIT_ASSERT(filter.matches("user." + std::to_string(i) + ".x"));
            CPPUNIT_ASSERT(!filter.matches("user." + std::to_string(i)));
        }
        CPPUNIT_ASSERT(filter.overlaps("*.99999.>"));
        CPPUNIT_ASSERT(!filter.covers("user.*.>"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SubjectFilterTest);

}  // namespace gnatsd::kernel
