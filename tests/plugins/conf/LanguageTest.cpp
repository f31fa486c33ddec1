// The parser where the vectors say nothing: required deviations and corners of the rules.

#include "tests/plugins/conf/ConfFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace gnatsd::host::conf;
using namespace gnatsd::tests;

namespace {

void same(const std::string& expected, const std::string& text) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, expected, outcome(text));
}

void refused(const std::string& text, const std::string& message) {
    same("error: Parse error on line " + message, text);
}

}  // namespace

class LanguageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LanguageTest);
    CPPUNIT_TEST(aNulIsRefusedWhereverItStands);
    CPPUNIT_TEST(unicodeBlanksSeparateKeysAndItemsOnly);
    CPPUNIT_TEST(strayTerminatorsAreRefused);
    CPPUNIT_TEST(strayBracesAreRefused);
    CPPUNIT_TEST(emptyValuesEndWhereTheyBegin);
    CPPUNIT_TEST(theJsonFormMayHaveEntriesAroundIt);
    CPPUNIT_TEST(theJsonFormTakesValuesOnTheNextLine);
    CPPUNIT_TEST(commentsStandBetweenTokens);
    CPPUNIT_TEST(escapesThatEndEarlyAreNamed);
    CPPUNIT_TEST(blocksEndAtALoneParenthesisOnly);
    CPPUNIT_TEST(numbersThatAreNoneBecomeTexts);
    CPPUNIT_TEST(negativeNumbersNeverBecomeTexts);
    CPPUNIT_TEST(outOfRangeIsAnErrorInAnySize);
    CPPUNIT_TEST(tinyFloatsAreZeroAndHugeOnesAnError);
    CPPUNIT_TEST(datesAreCheckedByTheCalendar);
    CPPUNIT_TEST(arraysTakeNewLineAndComma);
    CPPUNIT_TEST(hashesOfAllKindsNeedNoQuotes);
    CPPUNIT_TEST(nestingIsBoundedAboveAHundred);
    CPPUNIT_TEST(errorsNameTheLineAtWhichTheyWereNoticed);
    CPPUNIT_TEST(placesAreThoseOfKeysAndItems);
    CPPUNIT_TEST_SUITE_END();

    void aNulIsRefusedWhereverItStands() {
        using namespace std::string_literals;
        for (const std::string& text : {"\0"s, "a=1\0"s, "a='\0'"s, "# \0"s}) {
            refused(text, "1: 'Unexpected NUL character.'");
        }
        refused("a=1\n\nb\0=2"s, "3: 'Unexpected NUL character.'");  // CFG-4
    }

    void unicodeBlanksSeparateKeysAndItemsOnly() {
        same(R"({"a":1,"b":[1,"x"]})", "\u2003a\u00a0:1\n\u3000b=[1,\u2003'x'\u2028]");  // CFG-6
        same("{\"a\":\"x\u00a0y\"}", "a=x\u00a0y");
        same("{\"a\":\"\u00a0y\"}", "a=\u00a0y");
    }

    void strayTerminatorsAreRefused() {
        refused(";a=1", "1: 'Expected a key but found ';''");  // CFG-14
        refused("a=1,,b=2", "1: 'Expected a key but found ',''");
        refused("m {,a=1}", "1: 'Expected a key but found ',''");
        refused("m {a=1\n,b=2}", "2: 'Expected a key but found ',''");
        refused("{a=1;;}", "1: 'Expected a key but found ';''");
    }

    void strayBracesAreRefused() {
        refused("a=1\n}", "2: 'Unexpected map end '}''");
        refused("]", "1: 'Unexpected array end ']''");
        refused("{]}", "1: 'Unexpected array end ']''");
        same(R"({"a":1,"b":2})", "a=1} b=2");  // CFG-13
    }

    void emptyValuesEndWhereTheyBegin() {
        same(R"({"a":"","b":1})", "a=;b=1");
        same(R"({"a":"","b":1})", "a = , b=1");
        same(R"({"m":{"a":""}})", "m {a=;}");
        refused("m {a=\n}", "2: 'Expected value but found map end '}''");  // CFG-22
        refused("{a=}", "1: 'Expected value but found map end '}''");
        refused("m {a= ", "1: 'Unexpected EOF processing map.'");
        same(R"({"a":""})", "a= \t");  // CFG-19
        same("error: config is invalid (t.conf:3:1)", "\nfoo\n");
        same("error: config is invalid (t.conf:2:4)", "\nfoo");
    }

    void theJsonFormMayHaveEntriesAroundIt() {
        same(R"({"a":1,"b":2,"c":3})", "a=1\n{b=2}\nc=3");  // CFG-20
        same(R"({"b":2,"c":3})", "{b=2};{c=3}");
        refused("{b=2} c=3",
                "1: 'Expected a top-level value to end with a new line, comment or EOF, but got "
                "'c' instead.'");
        refused("{a=1\n", "2: 'Unexpected EOF processing map.'");
        refused("{\"a", "1: 'Unexpected EOF processing quoted map key.'");
    }

    void theJsonFormTakesValuesOnTheNextLine() { same(R"({"a":1})", "{\"a\":\n 1\n}"); }

    void commentsStandBetweenTokens() {
        same(R"({"a":1,"m":{"b":[1,2]}})",
             "//\n#\na=1 //;\n#x\nm {#x\n//\nb=[// 0\n1 #\n#\n2 //]\n] # }\n} // x");  // CFG-26
        same(R"({"a":1,"b":2})", "a=1 / / \nb=2");                                     // CFG-29
        refused("m {a=1 / }",
                "1: 'Expected a map value terminator \",\" or a map terminator \"}\", but got '/' "
                "instead.'");
    }

    void escapesThatEndEarlyAreNamed() {
        const std::string end = "Expected two hexadecimal digits after '\\x', but hit end of line'";
        refused("a=\"\\x4", "1: '" + end);
        refused("a=\\x4\nb=1", "2: '" + end);
        refused("a=\\",
                "1: 'Invalid escape character 'EOF'. Only the following escape characters "
                "are allowed: \\xXX, \\t, \\n, \\r, \\\", \\\\.'");
        refused("a=\"\\\n\"",
                "2: 'Invalid escape character '\\n'. Only the following escape "
                "characters are allowed: \\xXX, \\t, \\n, \\r, \\\", \\\\.'");
        refused("a=\"\\x4\"", "1: 'Expected two hexadecimal digits after '\\x', but got '4\"''");
        same("{\"a\":\"\u00e9\"}", "a=\\xc3\\xA9");
    }

    void blocksEndAtALoneParenthesisOnly() {
        same(R"({"a":"\u000a)x\u000a )\u000a"})", "a (\n)x\n )\n)");  // CFG-36, CFG-37
        same(R"({"a":"\u000d\u000a\\q\u000d\u000a"})", "a=(\r\n\\q\r\n)\r\n");
        refused("a=()", "1: 'Unexpected EOF processing block.'");
    }

    void numbersThatAreNoneBecomeTexts() {
        same(R"({"a":["1_0","5#","1kx","7é","8\u00090"]})", R"(a=[1_0,5#,1kx,7é,8\t0])");
        same(R"({"a":[1024,1048576,-1125899906842624]})", "a=[1KiB,1mB,-1Pi]");
    }

    void negativeNumbersNeverBecomeTexts() {
        const std::string got =
            "1: 'Expected a top-level value to end with a new line, comment or EOF, but got '";
        refused("a=-1kbb", got + "b' instead.'");
        refused("a=-1kx", got + "x' instead.'");
        refused("a=-5-3", got + "-' instead.'");
        same(R"({"a":"-1.2.3"})", "a=-1.2.3");  // CFG-48
    }

    void outOfRangeIsAnErrorInAnySize() {
        for (const std::string number :
             {"9223372036854775808", "-9223372036854775809", "9.3e", "8eib", "-9eb", "10p10"}) {
            CPPUNIT_ASSERT_MESSAGE(number, outcome("a=" + number).starts_with("error: "));
        }
        same("error: integer '8eib' is out of the range", "a=8eib");  // CFG-45
        same(R"({"a":-9223372036854775808})", "a=-8eib");
        const std::string digits(100'000, '7');
        same("error: integer '" + digits + "' is out of the range", "a=" + digits);
    }

    void tinyFloatsAreZeroAndHugeOnesAnError() {
        same(R"({"a":0.0})", "a=0." + std::string(400, '0') + "1");
        const std::string huge = std::string(400, '9') + ".0";
        same("error: float '" + huge + "' is out of the range", "a=" + huge);
    }

    void datesAreCheckedByTheCalendar() {
        same(R"({"a":{"$date":"2024-02-29T00:00:00Z"},"b":{"$date":"0001-01-01T23:59:59Z"}})",
             "a=2024-02-29T00:00:00Z\nb=0001-01-01T23:59:59Z");
        for (const std::string date : {"2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z",
                                       "2024-01-01T00:60:00Z", "2024-00-10T00:00:00Z"}) {
            same("error: expected Zulu formatted DateTime, but got '" + date + "'", "a=" + date);
        }
        refused("a=2024-0x-01T00:00:00Z",
                "1: 'Expected digit in ISO8601 datetime, but found 'x' instead.'");
    }

    void arraysTakeNewLineAndComma() {
        same(R"({"a":[1,2,3]})", "a=[1\n,2 # x\n\n, // y\n3]");  // CFG-55
        refused("a=[1\n,,2]", "2: 'Unexpected array value terminator ','.'");
        refused("a=[1,", "1: 'Unexpected EOF processing array.'");
    }

    void hashesOfAllKindsNeedNoQuotes() {
        const std::string rest = "$11$W2zko751KUvVy59mUTWmpOdWjpEm5qhcCZRd05GjI/sSOT.xtiHyG";
        for (const std::string version : {"2a", "2b", "2x", "2y"}) {
            const std::string hash = "$" + version + rest;
            same("{\"a\":[\"" + hash + "\"]}", "a=[" + hash + "]");  // CFG-61
        }
        same("error: variable reference for '2c" + rest + "' on line 1 can not be found",
             "a=$2c" + rest);
    }

    void nestingIsBoundedAboveAHundred() {
        const auto nested = [](std::size_t depth) {
            return "a=" + std::string(depth, '[') + std::string(depth, ']');
        };
        CPPUNIT_ASSERT(outcome(nested(256)).starts_with("{"));  // CFG-58
        refused(nested(257), "1: 'Maps and arrays are nested more than 256 deep.'");
        std::string maps;
        for (int i = 0; i < 100'000; ++i) {
            maps += "a {\n";
        }
        refused(maps, "257: 'Maps and arrays are nested more than 256 deep.'");
    }

    void errorsNameTheLineAtWhichTheyWereNoticed() {
        refused("a=1\r\nb=\r\n", "2: 'Expected value but found new line'");  // CFG-5
        refused("a=1.\n", "2: 'Floats must have a digit after the '.', but got '\\n' instead.'");
        refused("a=\"x\n\n\n", "4: 'Unexpected EOF.'");
    }

    void placesAreThoseOfKeysAndItems() {
        const Map map = parseText(" a=1\n b {\n  c=[\n   5]}", "t.conf", worldOf({}));

        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:1:1"), map.find("a")->value.place().text());
        const Value& b = map.find("b")->value;
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:2:2"), b.place().text());
        const Value& c = b.map()->find("c")->value;
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:3:3"), c.place().text());
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:4:4"), c.array()->front().place().text());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LanguageTest);
