// What a person sees of a ParseError: the source line, the caret, the hint, and no secrets.

#include "tests/plugins/conf/ConfFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>

using namespace gnatsd::host::conf;
using namespace gnatsd::tests;

namespace {

/// The lines of a report behind its first one.
std::string below(const ParseError& error) {
    const std::string report = error.report();
    return report.substr(std::min(report.find('\n'), report.size() - 1) + 1);
}

std::string hintOf(const std::string& text) {
    return errorOf(text).details().hint;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class ReportTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReportTest);
    CPPUNIT_TEST(theReportBeginsWithPlaceAndMessage);
    CPPUNIT_TEST(theCaretStandsBehindTabsAndWideCharacters);
    CPPUNIT_TEST(longLinesAreCutOnBothSides);
    CPPUNIT_TEST(controlCharactersAreEscaped);
    CPPUNIT_TEST(whatIsNeverClosedIsShownWhereItBegins);
    CPPUNIT_TEST(theLastLineMayHaveNoNewline);
    CPPUNIT_TEST(includesAreListedFromTheInside);
    CPPUNIT_TEST(hintsSayWhatToDo);
    CPPUNIT_TEST(theKeyInAHintIsTheUsersUnlessSecretsStandBeforeIt);
    CPPUNIT_TEST(aPasswordWithBlanksIsHidden);
    CPPUNIT_TEST(secretsBesideTheErrorAreHiddenAndTheCaretFits);
    CPPUNIT_TEST(secretsOverSeveralLinesAreHidden);
    CPPUNIT_TEST(secretsInMessagesAreHidden);
    CPPUNIT_TEST(secretsInTheEnvironmentAreHidden);
    CPPUNIT_TEST_SUITE_END();

    void theReportBeginsWithPlaceAndMessage() {
        const ParseError error = errorOf("a=1\nfoo = hello world\n");

        CPPUNIT_ASSERT_EQUAL(
            std::string("t.conf:2:13: Parse error on line 2: 'Expected a top-level value to end "
                        "with a new line, comment or EOF, but got 'w' instead.'\n"
                        " 2 | foo = hello world\n"
                        "   |             ^\n"
                        "hint: each entry needs a line of its own, or `;` or `,` before it; a text "
                        "with blanks in it: quote it"),
            error.report());
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf"), error.file());
        CPPUNIT_ASSERT_EQUAL(2, error.line());
        CPPUNIT_ASSERT_EQUAL(13, error.column());
    }

    void theCaretStandsBehindTabsAndWideCharacters() {
        const ParseError error = errorOf("m {\n\ta\t= é€ x\n}");

        CPPUNIT_ASSERT_EQUAL(std::string(" 2 |     a   = é€ x\n"
                                         "   |              ^"),
                             error.details().excerpt);
    }

    void longLinesAreCutOnBothSides() {
        const std::string run(500, 'x');
        const ParseError error = errorOf("a = " + run + " " + run);

        const std::string cut(59, 'x');
        CPPUNIT_ASSERT_EQUAL(" 1 | ..." + cut + " " + std::string(40, 'x') + "...\n   | " +
                                 std::string(63, ' ') + "^",
                             error.details().excerpt);
        const std::string digits(5000, '9');
        CPPUNIT_ASSERT(errorOf("a=" + digits).report().size() < 1000);
    }

    void controlCharactersAreEscaped() {
        const ParseError error = errorOf("a\x1b[31m = b\x01\xff \x7f");

        CPPUNIT_ASSERT_EQUAL(std::string(" 1 | a\\x1b[31m = b\\x01\\xff \\x7f\n"
                                         "   |                       ^"),
                             error.details().excerpt);
        const std::string report =
            errorOf("include \"\x1b\n\x02\"", {}, {}).report() + errorOf("a=$\x1b\x9b").report();
        CPPUNIT_ASSERT(std::none_of(report.begin(), report.end(), [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f';
        }));
    }

    void whatIsNeverClosedIsShownWhereItBegins() {
        const ParseError quote = errorOf("a=1\nb = \"x\nc=2\n");
        CPPUNIT_ASSERT_EQUAL(std::string("Parse error on line 4: 'Unexpected EOF.'"),
                             quote.message());
        CPPUNIT_ASSERT_EQUAL(std::string(" 2 | b = \"x\n"
                                         "   |     ^\n"
                                         "hint: the double quote that begins on line 2 has no end: "
                                         "close it"),
                             below(quote));
        CPPUNIT_ASSERT_EQUAL(std::string("the map that begins on line 2 has no end"),
                             hintOf("a=1\nm {\n b=1\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("the array that begins on line 1 has no end"),
                             hintOf("a=[\n1,\n"));
        CPPUNIT_ASSERT(has(hintOf("\na (\nx\n"), "the block that begins on line 2 has no end"));
        CPPUNIT_ASSERT(has(hintOf("a='x\n"), "the single quote that begins on line 1"));
    }

    void theLastLineMayHaveNoNewline() {
        CPPUNIT_ASSERT_EQUAL(std::string(" 1 | m {a=1\n   |       ^"),
                             errorOf("m {a=1").details().excerpt);
        CPPUNIT_ASSERT_EQUAL(std::string(" 1 | a =\n   |   ^"),
                             errorOf("a =\r\n").details().excerpt);
    }

    void includesAreListedFromTheInside() {
        const ParseError error =
            errorOf("a=1\n include d/i", {}, {{"d/i", "\n\n  include j"}, {"d/j", "x=1\ny=[1 2]"}});

        CPPUNIT_ASSERT_EQUAL(std::string("d/j:2:6: error parsing include file 'd/i', error parsing "
                                         "include file 'j', Parse error on line 2: 'Expected an "
                                         "array value terminator \",\" or an array terminator "
                                         "\"]\", but got '2' instead.'\n"
                                         " 2 | y=[1 2]\n"
                                         "   |      ^\n"
                                         "hint: items are separated by `,` or new lines; a text "
                                         "with blanks in it: quote it\n"
                                         "included from d/i:3:11\n"
                                         "included from t.conf:2:10"),
                             error.report());
    }

    void hintsSayWhatToDo() {
        const TextMap expected{
            {"a: 2m30s", "durations in minutes need quotes, as in \"2m30s\""},
            {"a: [::1]:4222", "an IPv6 address needs quotes, as in \"[::1]:4222\""},
            {"a: 10.0.0.1/8", "quote it: a text that begins with a number needs quotes here"},
            {"a = # c", "a comment cannot stand between a key and its value"},
            {"a == b", "one separator between key and value is enough"},
            {"a := b", "one separator between key and value is enough"},
            {"a = don't do",
             "a single quote ends a text without quotes: put the text in double "
             "quotes"},
            {"a = x,y", "this key has no value; a `,` ends a text without quotes: quote the text"},
            {"a = x]", "no `[` is open here; a text with `]` needs quotes"},
            {"a = \"x\nb = \"y\"",
             "the string that begins on line 1 ends here: is a quote missing?"},
            {"a =\n1", "the value has to begin on the line of the separator"},
            {"a = .5", "write 0.5 for .5; a text that begins with a point needs quotes"},
            {"a = ${B}", "write $NAME, without braces"},
            {"a = $2b$11$x",
             "this looks like a cut bcrypt hash; other texts that begin with $ "
             "need quotes"},
            {"m {a=1 b=2}",
             "entries are separated by `,`, `;` or new lines; a text with blanks in "
             "it: quote it"},
            {"m {a=1", "a `}` is missing"},
            {"a = [1", "a `]` is missing"},
            {"}", "no `{` is open here"},
            {"a=1;;", "one `,` or `;` behind a value is enough"},
            {"/* c */", "comments begin with # or //"},
            {"a = \"C:\\nats\\gnatsd\"",
             "a backslash in double quotes is written \\\\; in single "
             "quotes it needs nothing"},
            {std::string("\xff\xfe"
                         "a\0",
                         4),
             "the file seems to be UTF-16: save it as UTF-8"}};
        for (const auto& [text, hint] : expected) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, hint, hintOf(text));
        }
    }

    void theKeyInAHintIsTheUsersUnlessSecretsStandBeforeIt() {
        CPPUNIT_ASSERT_EQUAL(std::string("add a blank before the brace: `routing {`"),
                             hintOf("routing{\n listen: \"x\"\n}"));
        CPPUNIT_ASSERT_EQUAL(std::string("add a blank before the bracket: `users [`"),
                             hintOf("m {\n  users[1 2]\n}"));
        CPPUNIT_ASSERT_EQUAL(std::string("add a blank before the brace: `cluster {`"),
                             hintOf("password: x,y{z"));
    }

    void aPasswordWithBlanksIsHidden() {
        const ParseError error = errorOf("authorization {\n\tpassword: my s3cret word # x\n}");

        CPPUNIT_ASSERT_EQUAL(std::string(" 2 |     password: [hidden]\n"
                                         "   |               ^"),
                             error.details().excerpt);
    }

    void secretsBesideTheErrorAreHiddenAndTheCaretFits() {
        const std::string user = "u=[{user: a, password: \"b,c\", x: $Y}]";
        CPPUNIT_ASSERT_EQUAL(std::string(" 1 | u=[{user: a, password: [hidden], x: $Y}]\n"
                                         "   |                                     ^"),
                             errorOf(user).details().excerpt);
        CPPUNIT_ASSERT_EQUAL(std::string(" 1 | r=[nats://u:[hidden]@h:1 x]\n"
                                         "   |                          ^"),
                             errorOf("r=[nats://u:p@ss@h:1 x]").details().excerpt);
    }

    void secretsOverSeveralLinesAreHidden() {
        for (const std::string text :
             {"pass = \"one\nsecret2\" secret2", "tokens = [\n secret1,\n secret2 secret3\n]",
              "password = \"\nsecret2 \\q", "my_secret {\n a = secret2 secret3 }"}) {
            const std::string report = errorOf(text).report();
            CPPUNIT_ASSERT_MESSAGE(report, !has(report, "secret2") && !has(report, "secret3"));
            CPPUNIT_ASSERT_MESSAGE(report, has(report, "[hidden]"));
        }
    }

    void secretsInMessagesAreHidden() {
        for (const std::string text : {"password: 99999999999999999999", "token = $ecretword9999",
                                       "pass = 2024-13-01T99:99:99Z"}) {
            const ParseError error = errorOf(text);
            CPPUNIT_ASSERT_MESSAGE(text, has(error.message(), "99"));
            CPPUNIT_ASSERT_MESSAGE(error.report(), !has(error.report(), "99"));
        }
        const std::string named = errorOf("password: $NATS_PASS").report();
        CPPUNIT_ASSERT_MESSAGE(named, has(named, "'NATS_PASS'") && has(named, "$NATS_PASS"));
    }

    void secretsInTheEnvironmentAreHidden() {
        const TextMap variables{{"PW", "99999999999999999999"},
                                {"MY_TOKEN", "88888888888888888888"}};
        const std::string report =
            errorOf("pass: $PW", variables).report() + errorOf("x: $MY_TOKEN", variables).report();
        CPPUNIT_ASSERT_MESSAGE(report, !has(report, "99") && !has(report, "88"));
        CPPUNIT_ASSERT_MESSAGE(report, has(report, "out of the range"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReportTest);
