#include "plugins/host/options/FlagValue.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd::host;

class FlagValueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FlagValueTest);
    CPPUNIT_TEST(integersOfEveryBaseAreRead);
    CPPUNIT_TEST(malformedIntegersAreSyntaxErrors);
    CPPUNIT_TEST(integersBeyond64BitsAreOutOfRange);
    CPPUNIT_TEST(onlyGosBooleanTextsAreBooleans);
    CPPUNIT_TEST_SUITE_END();

    void integersOfEveryBaseAreRead() {
        const std::vector<std::pair<std::string, std::int64_t>> cases{
            {"0", 0},
            {"4222", 4222},
            {"-1", -1},
            {"+7", 7},
            {"0x5E9E", 0x5e9e},
            {"0X1f", 31},
            {"24_223", 24223},
            {"0x_ff", 255},
            {"0b101", 5},
            {"0o17", 15},
            {"017", 15},
            {"0_7", 7},
            {"-0x10", -16},
            {"1_0_0", 100},
            {"9223372036854775807", INT64_MAX},
            {"-9223372036854775808", INT64_MIN}};
        for (const auto& [text, expected] : cases) {
            std::int64_t value = 42;
            CPPUNIT_ASSERT_MESSAGE(text, parseInteger(text, value) == Parsed::ok);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, expected, value);
        }
    }

    void malformedIntegersAreSyntaxErrors() {
        for (const std::string text :
             {"",    "-",   "+",    "abc", "4222x", " 1",   "1 ",
              "_1",  "1_",  "1__2", "0x",  "0x_",   "08",   "0b2",
              "--1", "+-1", "-+1",  "1.5", "1e3",   "0x-1", "99999999999999999999x"}) {
            std::int64_t value = 42;
            CPPUNIT_ASSERT_MESSAGE("'" + text + "'", parseInteger(text, value) == Parsed::syntax);
        }
    }

    void integersBeyond64BitsAreOutOfRange() {
        for (const std::string text : {"9223372036854775808", "-9223372036854775809",
                                       "0xffffffffffffffff", "99999999999999999999999"}) {
            std::int64_t value = 42;
            CPPUNIT_ASSERT_MESSAGE(text, parseInteger(text, value) == Parsed::range);
        }
    }

    void onlyGosBooleanTextsAreBooleans() {
        for (const std::string text : {"1", "t", "T", "TRUE", "true", "True"}) {
            CPPUNIT_ASSERT_MESSAGE(text, parseBoolean(text) == true);
        }
        for (const std::string text : {"0", "f", "F", "FALSE", "false", "False"}) {
            CPPUNIT_ASSERT_MESSAGE(text, parseBoolean(text) == false);
        }
        for (const std::string text : {"", "yes", "on", "tRUE", "2", " true"}) {
            CPPUNIT_ASSERT_MESSAGE("'" + text + "'", !parseBoolean(text).has_value());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FlagValueTest);
