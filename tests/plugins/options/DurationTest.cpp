#include "plugins/host/options/Duration.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd::host::options;
using namespace std::chrono_literals;

class DurationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DurationTest);
    CPPUNIT_TEST(everyFormIsRead);
    CPPUNIT_TEST(whatIsNoDurationIsNamed);
    CPPUNIT_TEST(theShortestFormComesBack);
    CPPUNIT_TEST_SUITE_END();

    // OPT-8
    void everyFormIsRead() {
        const std::vector<std::pair<std::string, std::chrono::nanoseconds>> cases{
            {"300ms", 300ms}, {"1.5h", 90min}, {"2h45m", 165min}, {"10s", 10s},
            {"0", 0s},        {"5ns", 5ns},    {"7us", 7us},      {"7µs", 7us},
            {"-1m", -1min},   {"+1m", 1min},   {".5s", 500ms},    {"1m0.25s", 60250ms}};
        for (const auto& [text, expected] : cases) {
            std::chrono::nanoseconds value{42};
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(), parseDuration(text, value));
            CPPUNIT_ASSERT_MESSAGE(text, expected == value);
        }
    }

    void whatIsNoDurationIsNamed() {
        const std::vector<std::pair<std::string, std::string>> cases{
            {"5", "time: missing unit in duration \"5\""},
            {"1m5", "time: missing unit in duration \"1m5\""},
            {"5d", "time: unknown unit \"d\" in duration \"5d\""},
            {"", "time: invalid duration \"\""},
            {"-", "time: invalid duration \"-\""},
            {"s", "time: invalid duration \"s\""},
            {".s", "time: invalid duration \".s\""},
            {"9999999999h", "time: invalid duration \"9999999999h\""}};
        for (const auto& [text, expected] : cases) {
            std::chrono::nanoseconds value{42};
            CPPUNIT_ASSERT_EQUAL(expected, parseDuration(text, value));
            CPPUNIT_ASSERT_MESSAGE(text, value == 42ns);
        }
    }

    // OPT-218
    void theShortestFormComesBack() {
        const std::vector<std::pair<std::chrono::nanoseconds, std::string>> cases{
            {0s, "0s"},
            {10s, "10s"},
            {120s, "2m0s"},
            {1500ms, "1.5s"},
            {2h + 45min, "2h45m0s"},
            {10ms, "10ms"},
            {1500us, "1.5ms"},
            {7us, "7µs"},
            {5ns, "5ns"},
            {-90s, "-1m30s"}};
        for (const auto& [value, expected] : cases) {
            CPPUNIT_ASSERT_EQUAL(expected, durationText(value));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DurationTest);
