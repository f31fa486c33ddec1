// Tests of the comparison's figures and of how they are written.

#include "tests/bench/Comparison.h"
#include "tests/bench/Json.h"
#include "tests/bench/Text.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cmath>
#include <string>
#include <vector>

namespace gnatsd::bench {

class ComparisonTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ComparisonTest);
    CPPUNIT_TEST(theRatioIsTheMedianOfTheRoundsRatios);
    CPPUNIT_TEST(aMissedWishOrALostMessageFails);
    CPPUNIT_TEST(aWishMayBeALeastFigure);
    CPPUNIT_TEST(numbersReadWell);
    CPPUNIT_TEST(jsonEscapesWhatItMust);
    CPPUNIT_TEST_SUITE_END();

    static Result costing(double microsecondsEach) {
        Result result;
        result.units = 1'000'000;
        result.usage.elapsed = std::chrono::seconds(1);
        result.usage.serverCpu = std::chrono::duration<double>(microsecondsEach);
        result.usage.serverRssBefore = 0;
        result.usage.serverRssAfter = 0;
        return result;
    }

    static Comparison comparison(double leastRatio) {
        Comparison made(Scenario{"x", Options(), {{Measure::cpu, leastRatio}}});
        // A slow moment of the machine doubles both sides of the second round.
        made.add({costing(1.0), costing(0.25)});
        made.add({costing(2.0), costing(0.5)});
        made.add({costing(1.0), costing(0.2)});
        return made;
    }

    void theRatioIsTheMedianOfTheRoundsRatios() {
        const std::vector<std::string> line = comparison(4).lines().front();
        CPPUNIT_ASSERT_EQUAL(std::string("1.00"), line[2]);
        CPPUNIT_ASSERT_EQUAL(std::string("0.250"), line[3]);
        CPPUNIT_ASSERT_EQUAL(std::string("4.00"), line[4]);
        CPPUNIT_ASSERT_EQUAL(2.5, median({4, 1, 3, 2}));
        CPPUNIT_ASSERT(std::isnan(median({})));
    }

    void aMissedWishOrALostMessageFails() {
        CPPUNIT_ASSERT(comparison(4).passed());
        CPPUNIT_ASSERT(!comparison(4.1).passed());
        Comparison lossy = comparison(4);
        Round round{costing(1), costing(0.1)};
        round.ours.problems.emplace_back("lost");
        lossy.add(round);
        CPPUNIT_ASSERT(!lossy.passed());
        CPPUNIT_ASSERT(!Comparison(comparison(4).scenario()).passed());
    }

    void aWishMayBeALeastFigure() {
        Comparison slow(Scenario{"x", Options(), {{Measure::rate, 0, 0, 1'000'001}}});
        slow.add({costing(1), costing(1)});
        Comparison fast(Scenario{"x", Options(), {{Measure::rate, 0, 0, 1'000'000}}});
        fast.add({costing(1), costing(1)});

        CPPUNIT_ASSERT(!slow.passed());
        CPPUNIT_ASSERT(fast.passed());
        CPPUNIT_ASSERT_EQUAL(std::string(">= 1,000,000"), fast.lines().front()[5]);
    }

    void numbersReadWell() {
        CPPUNIT_ASSERT_EQUAL(std::string("0.284"), formatNumber(0.2841));
        CPPUNIT_ASSERT_EQUAL(std::string("132"), formatNumber(131.9));
        CPPUNIT_ASSERT_EQUAL(std::string("1,234,567"), formatCount(1234567));
        CPPUNIT_ASSERT_EQUAL(std::string("-1,000"), formatCount(-1000));
        CPPUNIT_ASSERT_EQUAL(std::string("0"), formatCount(0.2));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), formatCount(std::nan("")));
    }

    void jsonEscapesWhatItMust() {
        const std::string json =
            JsonObject().add("a\"b", "x\ny").add("n", std::nan("")).add("t", true).text();
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a\"b":"x\u000ay","n":null,"t":true})"), json);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ComparisonTest);

}  // namespace gnatsd::bench
