// Bytes made fit for a log line (LOG-10, LOG-52) and secrets kept out of it (LOG-50, CP-37).

#include "kernel/Text.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

using gnatsd::kernel::escape;
using gnatsd::kernel::escapeControls;
using gnatsd::kernel::quote;
using gnatsd::kernel::redactConnect;
using gnatsd::kernel::safeToLog;
using gnatsd::kernel::snippet;

using namespace std::string_view_literals;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TextTest);
    CPPUNIT_TEST(quoteEscapesQuotesBackslashesAndControls);
    CPPUNIT_TEST(quoteKeepsPrintableUnicode);
    CPPUNIT_TEST(quoteShowsBytesThatAreNotUtf8InHex);
    CPPUNIT_TEST(quoteShowsUnprintableUnicodeByNumber);
    CPPUNIT_TEST(snippetCutsBeforeQuoting);
    CPPUNIT_TEST(escapeIsQuoteWithoutQuotes);
    CPPUNIT_TEST(escapeControlsKeepsQuotesAndBackslashes);
    CPPUNIT_TEST(everySecretIsRedactedAndTheRestStays);
    CPPUNIT_TEST(blanksAroundTheValueStay);
    CPPUNIT_TEST(repeatedKeysAreAllRedacted);
    CPPUNIT_TEST(escapedQuotesDoNotEndTheSecret);
    CPPUNIT_TEST(keysAreComparedWithoutCaseAndEscapes);
    CPPUNIT_TEST(secretsOfAnyTypeAndDepthAreRedacted);
    CPPUNIT_TEST(wordsThatAreNoKeysStayInWholeJson);
    CPPUNIT_TEST(oneValueIsRedactedInBrokenJson);
    CPPUNIT_TEST(brokenJsonHidesTheRestWhenTheValueIsUnclear);
    CPPUNIT_TEST(textWithoutSecretsStaysAsItIs);
    CPPUNIT_TEST(everyCutOfAConnectHidesTheSecret);
    CPPUNIT_TEST(unparsedInputIsShownUpToWhatMayBeASecret);
    CPPUNIT_TEST_SUITE_END();

public:
    // The expected texts of the quote tests were printed by Go 1.19 with %q.
    void quoteEscapesQuotesBackslashesAndControls() {
        expectQuote(R"("plain text")", "plain text");
        expectQuote(R"("")", "");
        expectQuote(R"("a\"b\\c")", "a\"b\\c");
        expectQuote(R"("\a\b\f\n\r\t\v")", "\a\b\f\n\r\t\v");
        expectQuote(R"("\x00\x01\x1f\x7f")", "\x00\x01\x1f\x7f"sv);
        expectQuote(R"("it's 100%")", "it's 100%");
        expectQuote(R"("BOGUS x\r")", "BOGUS x\r");  // LOG-90
    }

    void quoteKeepsPrintableUnicode() {
        expectQuote("\"caf\u00e9 \u65e5\u672c \U0001f600\"", "caf\u00e9 \u65e5\u672c \U0001f600");
        expectQuote("\"\ufffd\"", "\ufffd");
    }

    void quoteShowsBytesThatAreNotUtf8InHex() {
        expectQuote(R"("\xff")", "\xFF");
        expectQuote(R"("a\xc3")", "a\xC3");
        expectQuote(R"("\xc0\xaf")", "\xC0\xAF");
        expectQuote(R"("\xed\xa0\x80")", "\xED\xA0\x80");
        expectQuote(R"("\xf4\x90\x80\x80")", "\xF4\x90\x80\x80");
        expectQuote(R"("\xe2\x82")", "\xE2\x82");
        expectQuote(R"("\xf0\x9f\x98")", "\xF0\x9F\x98");
    }

    void quoteShowsUnprintableUnicodeByNumber() {
        expectQuote(R"("\u00a0\u2028\ufeff\u200b")", "\xC2\xA0\u2028\ufeff\u200b");
        expectQuote(R"("\u0085\u00ad")", "\xC2\x85\xC2\xAD");
        expectQuote(R"("\U000e0001\U0010ffff")", "\U000e0001\U0010ffff");
        expectQuote(R"("\u0378\ue000")", "\u0378\ue000");
        expectQuote(R"("\u3000")", "\u3000");
    }

    void snippetCutsBeforeQuoting() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"("ab")"), snippet("abc", 2));
        CPPUNIT_ASSERT_EQUAL(std::string(R"("a\n")"), snippet("a\nbc", 2));
        CPPUNIT_ASSERT_EQUAL(std::string(R"("abc")"), snippet("abc", 32));
        CPPUNIT_ASSERT_EQUAL(std::string(R"("")"), snippet("abc", 0));
    }

    void escapeIsQuoteWithoutQuotes() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"(a\r\n[INF] \"x\"\x1b[31m)"),
                             escape("a\r\n[INF] \"x\"\x1B[31m"));
    }

    void escapeControlsKeepsQuotesAndBackslashes() {  // LOG-50, LOG-52
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":"\"\\"}\r\n\x1b[0m\xff)"),
                             escapeControls("{\"a\":\"\\\"\\\\\"}\r\n\x1B[0m\xFF"));
    }

    void everySecretIsRedactedAndTheRestStays() {  // LOG-50
        expectRedacted(R"({"user":"u","pass":"[REDACTED]","verbose":false})",
                       R"({"user":"u","pass":"s3cret","verbose":false})");
        for (const std::string key : {"pass", "password", "auth_token", "jwt", "nkey", "sig"}) {
            expectRedacted("{\"a\":1,\"" + key + "\":\"[REDACTED]\",\"z\":[1,2]}",
                           "{\"a\":1,\"" + key + "\":\"s3cret\",\"z\":[1,2]}");
        }
    }

    void blanksAroundTheValueStay() {
        expectRedacted("  { \"pass\" \t: \"[REDACTED]\"  , \"user\" : \"u\" } ",
                       "  { \"pass\" \t: \"s3 c\"  , \"user\" : \"u\" } ");
    }

    void repeatedKeysAreAllRedacted() {
        expectRedacted(R"({"pass":"[REDACTED]","pass":"[REDACTED]","sig":"[REDACTED]"})",
                       R"({"pass":"s3cret","pass":"other","sig":""})");
        expectRedacted(R"({"pass":"[REDACTED]","pass":"[REDACTED]"} {})",
                       R"({"pass":"s3cret","pass":"other"} {})");
    }

    void escapedQuotesDoNotEndTheSecret() {
        expectRedacted(R"({"pass":"[REDACTED]","user":"u"})",
                       R"({"pass":"a\",\"s3cret\"\\","user":"u"})");
        expectRedacted(R"({"pass":"[REDACTED]","user":})",
                       R"({"pass":"a\",\"s3cret\"\\","user":})");
    }

    void keysAreComparedWithoutCaseAndEscapes() {
        expectRedacted(R"({"PASS":"[REDACTED]","p\u0061s\u0073":"[REDACTED]"})",
                       R"({"PASS":"s3cret","p\u0061s\u0073":"s3cret"})");
        expectRedacted(R"({"Pass":"[REDACTED]","\u0070ass":"[REDACTED]",})",
                       R"({"Pass":"s3cret","\u0070ass":"s3cret",})");
    }

    void secretsOfAnyTypeAndDepthAreRedacted() {
        expectRedacted(R"({"pass":[REDACTED],"jwt":[REDACTED],"sig":[REDACTED],"a":1})",
                       R"({"pass":12345,"jwt":["s3cret",{"x":"}"}],"sig":{"y":"s3cret"},"a":1})");
        expectRedacted(R"({"a":[{"pass":"[REDACTED]"}],"b":2})",
                       R"({"a":[{"pass":"s3cret"}],"b":2})");
    }

    void wordsThatAreNoKeysStayInWholeJson() {
        const std::string text =
            R"({"name":"pass","lang":"\"pass\":\"x\"","passport":"p","bypass":"b","pass\u0000":1})";

        CPPUNIT_ASSERT_EQUAL(text, redactConnect(text));
    }

    void oneValueIsRedactedInBrokenJson() {
        expectRedacted(R"({"user":"u","pass":"[REDACTED]","verbose":})",
                       R"({"user":"u","pass":"s3cret","verbose":})");
        expectRedacted(R"({"user":"bo"b","pass":"[REDACTED]","jwt":"[REDACTED]"})",
                       R"({"user":"bo"b","pass":"s3cret","jwt":"s3cret"})");
        expectRedacted(R"({pass: "[REDACTED]", "user":"u"})", R"({pass: "s3cret", "user":"u"})");
        expectRedacted(R"({"pass":[REDACTED],"user":"u")", R"({"pass":12345,"user":"u")");
        expectRedacted(R"(["pass":"[REDACTED]"])", R"(["pass":"s3cret"])");
    }

    void brokenJsonHidesTheRestWhenTheValueIsUnclear() {
        expectRedacted(R"({"pass":[REDACTED])", R"({"pass":"s3cret)");
        expectRedacted(R"({"pass":[REDACTED])", R"({"pass":"a"s3cret","user":"u"})");
        expectRedacted(R"({"pass":[REDACTED])", R"({"pass":"a\","user":"s3cret"})");
        expectRedacted(R"({"pass":[REDACTED])", R"({"pass":s3cret,"user":"u"})");
        expectRedacted(R"({"pass":[REDACTED])", R"({"pass":["s3cret","x"})");
        expectRedacted(R"({"pass" [REDACTED])", R"({"pass" "s3cret"})");
        expectRedacted(R"({"pass"[REDACTED])", R"({"pass"="s3cret"})");
        expectRedacted(R"({'pass[REDACTED])", R"({'pass':'s3cret'})");
        expectRedacted(R"({\"pass[REDACTED])", R"({\"pass\":\"s3cret\"})");
        expectRedacted(R"(pass [REDACTED])", R"(pass s3cret)");
    }

    void textWithoutSecretsStaysAsItIs() {
        for (const std::string_view text : {""sv, "{}"sv, "null"sv, "{\"user\":\"u\""sv,
                                            "\xFF\x00{"sv, "{\"passport\":\"p\""sv}) {
            CPPUNIT_ASSERT_EQUAL(std::string(text), redactConnect(text));
        }
    }

    void everyCutOfAConnectHidesTheSecret() {
        const std::string text =
            R"({"user":"u","pass":"KKKKKKKK","a":{"jwt" : "KKKK\"KKKK"},"auth_token":"KKKKKKKK"})";

        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            CPPUNIT_ASSERT_MESSAGE("cut at " + std::to_string(cut),
                                   !contains(redactConnect(text.substr(0, cut)), "K"));
        }
    }

    void unparsedInputIsShownUpToWhatMayBeASecret() {  // LOG-51, LOG-90
        expectShown("BOGUS x\r", "BOGUS x\r");
        expectShown("", "");
        expectShown("CONNECT", R"(CONNECT {"pass":"s3cret"})");
        expectShown("ok\r\nCoNnEcT", "ok\r\nCoNnEcT{\"pass\":\"s3cret\"}");
        expectShown("CONECT ", R"(CONECT {"user":"u","pass":"s3cret"})");
        expectShown("u\",\"", R"(u","pass":"s3cret"})");
    }

private:
    static void expectShown(std::string_view expected, std::string_view input) {
        CPPUNIT_ASSERT_EQUAL(std::string(expected), std::string(safeToLog(input)));
    }

    static void expectQuote(std::string_view expected, std::string_view bytes) {
        CPPUNIT_ASSERT_EQUAL(std::string(expected), quote(bytes));
    }

    static void expectRedacted(const std::string& expected, const std::string& text) {
        const std::string redacted = redactConnect(text);
        CPPUNIT_ASSERT_EQUAL(expected, redacted);
        CPPUNIT_ASSERT_MESSAGE(redacted, !contains(redacted, "s3cret"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TextTest);
