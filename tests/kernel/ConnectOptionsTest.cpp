// CONNECT's JSON: CP-30 to CP-37.

#include "kernel/ConnectJson.h"
#include "kernel/ConnectOptions.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using gnatsd::kernel::ConnectJson;
using gnatsd::kernel::ConnectOptions;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    out.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

std::string member(std::string_view key, std::string_view value) {
    std::string out = "{\"";
    out.append(key).append("\":").append(value).append("}");
    return out;
}

/// Strings that no other value has, so that a failed merge which changed anything shows.
ConnectOptions sample() {
    ConnectOptions options;
    options.verbose = false;
    options.protocol = 1;
    options.user = "alice";
    options.name = "before";
    return options;
}

std::string summary(const ConnectOptions& o) {
    std::string out;
    for (const bool flag :
         {o.verbose, o.pedantic, o.echo, o.headers, o.noResponders, o.tlsRequired, o.newAccount}) {
        out += flag ? '1' : '0';
    }
    out += ' ' + std::to_string(o.protocol);
    for (const std::string* text : {&o.user, &o.pass, &o.authToken, &o.nkey, &o.sig, &o.jwt,
                                    &o.account, &o.name, &o.lang, &o.version}) {
        out += '|' + *text;
    }
    return out;
}

}  // namespace

class ConnectOptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectOptionsTest);
    CPPUNIT_TEST(initialValuesAreThoseOfATelnetUser);
    CPPUNIT_TEST(everyKnownKeyIsRead);
    CPPUNIT_TEST(absentKeysAndNullsKeepTheStoredValue);
    CPPUNIT_TEST(unknownKeysOfAnyShapeAreIgnored);
    CPPUNIT_TEST(blanksAroundTheObjectAreFine);
    CPPUNIT_TEST(nullAloneIsAcceptedAndChangesNothing);
    CPPUNIT_TEST(anythingButOneObjectIsRefusedAndChangesNothing);
    CPPUNIT_TEST(brokenJsonIsRefusedAndChangesNothing);
    CPPUNIT_TEST(aValueOfAnotherTypeIsRefused);
    CPPUNIT_TEST(theLastOfRepeatedKeysWins);
    CPPUNIT_TEST(keysMatchWithoutCase);
    CPPUNIT_TEST(protocolOutOfRangeIsKeptForItsOwnError);
    CPPUNIT_TEST(escapesInStringsAreDecoded);
    CPPUNIT_TEST(bytesThatAreNotUtf8BecomeReplacementCharacters);
    CPPUNIT_TEST(deepNestingNeitherCrashesNorIsAccepted);
    CPPUNIT_TEST(nestingUpToTheLimitIsIgnoredLikeAnyUnknownValue);
    CPPUNIT_TEST(labelHasThePartsThatAreKnown);
    CPPUNIT_TEST_SUITE_END();

public:
    void initialValuesAreThoseOfATelnetUser() {
        CPPUNIT_ASSERT_EQUAL(std::string("1110000 0||||||||||"), summary({}));  // CP-31, CP-12
    }

    void everyKnownKeyIsRead() {
        ConnectOptions options;

        const bool merged = options.merge(
            R"({"verbose":false,"pedantic":false,"echo":false,"headers":true,)"
            R"("no_responders":true,"tls_required":true,"new_account":true,"protocol":1,)"
            R"("user":"a","pass":"b","auth_token":"c","nkey":"d","sig":"e","jwt":"f",)"
            R"("account":"g","name":"h","lang":"i","version":"j"})");

        CPPUNIT_ASSERT(merged);
        CPPUNIT_ASSERT_EQUAL(std::string("0001111 1|a|b|c|d|e|f|g|h|i|j"), summary(options));
    }

    void absentKeysAndNullsKeepTheStoredValue() {  // CP-31, CP-32
        ConnectOptions options = sample();
        const std::string before = summary(options);

        CPPUNIT_ASSERT(options.merge("{}"));
        CPPUNIT_ASSERT(options.merge(R"({"verbose":null,"user":null,"protocol":null})"));
        CPPUNIT_ASSERT_EQUAL(before, summary(options));

        CPPUNIT_ASSERT(options.merge(R"({"user":"bob"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("bob"), options.user);
        CPPUNIT_ASSERT(!options.verbose);
    }

    void unknownKeysOfAnyShapeAreIgnored() {
        ConnectOptions options = sample();
        const std::string before = summary(options);

        CPPUNIT_ASSERT(
            options.merge(R"({"a":1,"b":-0.5e+10,"c":[],"d":{},"e":[1,[2,{"user":"no"}],"x"],)"
                          R"("f":{"user":"no","verbose":"no"},"g":"s","h":true,"":null})"));

        CPPUNIT_ASSERT_EQUAL(before, summary(options));
    }

    void blanksAroundTheObjectAreFine() {
        ConnectOptions options;

        CPPUNIT_ASSERT(options.merge(" \t{ \"verbose\" :\r\n false\t, \"user\" : \"a\" } \r\n"));

        CPPUNIT_ASSERT(!options.verbose);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), options.user);
    }

    void nullAloneIsAcceptedAndChangesNothing() {  // CP-30
        ConnectOptions options = sample();

        CPPUNIT_ASSERT(options.merge("null"));
        CPPUNIT_ASSERT(options.merge("  null "));
        CPPUNIT_ASSERT(!options.merge("null null"));
        CPPUNIT_ASSERT(!options.merge("nul"));
        CPPUNIT_ASSERT(!options.merge("Null"));

        CPPUNIT_ASSERT_EQUAL(summary(sample()), summary(options));
    }

    void anythingButOneObjectIsRefusedAndChangesNothing() {  // CP-30
        refuse({"", " ", "[]", "[{\"user\":\"x\"}]", "1", "true", "\"user\"", "{\"user\":\"x\"}x",
                "{\"user\":\"x\"}{}", "{\"user\":\"x\"},", "{}null", "x{}",
                std::string_view("{}\0", 3)});
    }

    void brokenJsonIsRefusedAndChangesNothing() {
        refuse({"{",
                "}",
                "{\"user\"",
                "{\"user\":",
                "{\"user\":\"x",
                "{\"user\":\"x\"",
                "{\"user\":\"x\",}",
                "{,}",
                "{\"user\" \"x\"}",
                "{user:\"x\"}",
                "{'user':'x'}",
                "{\"user\":x}",
                "{\"user\":\"x\" \"name\":\"y\"}",
                "{\"a\":[1,]}",
                "{\"a\":[1 2]}",
                "{\"a\":[}",
                "{\"a\":{]",
                "{\"a\":tru}",
                "{\"a\":truee}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":NaN}",
                "{\"a\":0x1}",
                "{\"a\":1}/**/",
                "//\n{}",
                "{\"user\":\"x\\\"}",
                "{\"user\":\"\\x41\"}",
                "{\"user\":\"\\u12g4\"}",
                "{\"user\":\"\\u12\"}",
                "{\"user\":\"a\nb\"}",
                "{\"user\":\"a\tb\"}",
                std::string_view("{\"user\":\"a\0b\"}", 14),
                "{\"user\":\"x\",\"a\":}"});
    }

    void aValueOfAnotherTypeIsRefused() {  // CP-31
        for (const std::string_view key :
             {"verbose", "pedantic", "echo", "headers", "no_responders", "tls_required",
              "ssl_required", "new_account"}) {
            for (const std::string_view value :
                 {"\"yes\"", "\"true\"", "1", "0", "{}", "[]", "[true]"}) {
                refuse({member(key, value)});
            }
        }
        for (const std::string_view key : {"user", "pass", "auth_token", "nkey", "sig", "jwt",
                                           "account", "name", "lang", "version"}) {
            for (const std::string_view value : {"1", "true", "{}", "[\"x\"]", "1.5"}) {
                refuse({member(key, value)});
            }
        }
        for (const std::string_view value :
             {"1.0", "1e0", "\"1\"", "true", "[]", "{}", "0.0", "9223372036854775808"}) {
            refuse({member("protocol", value)});
        }
    }

    void theLastOfRepeatedKeysWins() {
        ConnectOptions options;

        CPPUNIT_ASSERT(options.merge(R"({"user":"a","verbose":false,"user":"b","verbose":true})"));

        CPPUNIT_ASSERT_EQUAL(std::string("b"), options.user);
        CPPUNIT_ASSERT(options.verbose);
    }

    void keysMatchWithoutCase() {
        ConnectOptions options;

        CPPUNIT_ASSERT(options.merge(R"({"Verbose":false,"USER":"a","p\u0061ss":"b"})"));

        CPPUNIT_ASSERT(!options.verbose);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), options.user);
        CPPUNIT_ASSERT_EQUAL(std::string("b"), options.pass);
    }

    void protocolOutOfRangeIsKeptForItsOwnError() {  // CP-33
        ConnectOptions options;

        CPPUNIT_ASSERT(options.merge(R"({"protocol":-1})"));
        CPPUNIT_ASSERT_EQUAL(-1, options.protocol);
        CPPUNIT_ASSERT(options.merge(R"({"protocol":2})"));
        CPPUNIT_ASSERT_EQUAL(2, options.protocol);
        CPPUNIT_ASSERT(options.merge(R"({"protocol":4294967297})"));
        CPPUNIT_ASSERT(options.protocol > 1);
        CPPUNIT_ASSERT(options.merge(R"({"protocol":-4294967295})"));
        CPPUNIT_ASSERT(options.protocol < 0);
    }

    void escapesInStringsAreDecoded() {
        ConnectOptions options;

        CPPUNIT_ASSERT(options.merge(
            R"({"user":"\"\\\/\b\f\n\r\t","name":"\u0041\u00e9\ud83d\uDE00","lang":"\u0000x"})"));

        CPPUNIT_ASSERT_EQUAL(std::string("\"\\/\b\f\n\r\t"), options.user);
        CPPUNIT_ASSERT_EQUAL(std::string("A\xC3\xA9\xF0\x9F\x98\x80"), options.name);
        CPPUNIT_ASSERT_EQUAL(std::string("\0x", 2), options.lang);
    }

    void bytesThatAreNotUtf8BecomeReplacementCharacters() {
        const std::string replacement = "\xEF\xBF\xBD";
        ConnectOptions options;

        CPPUNIT_ASSERT(
            options.merge("{\"user\":\"a\xFF\x62\",\"name\":\"\\ud800x\","
                          "\"lang\":\"\\ud800\\u0041\",\"version\":\"\\udc00\"}"));

        CPPUNIT_ASSERT_EQUAL("a" + replacement + "b", options.user);
        CPPUNIT_ASSERT_EQUAL(replacement + "x", options.name);
        CPPUNIT_ASSERT_EQUAL(replacement + "A", options.lang);
        CPPUNIT_ASSERT_EQUAL(replacement, options.version);
    }

    void deepNestingNeitherCrashesNorIsAccepted() {
        for (const std::size_t depth : {std::size_t{4096}, std::size_t{1} << 20U}) {
            refuse({repeated("[", depth), repeated("{\"a\":", depth),
                    "{\"a\":" + repeated("[", depth), "{\"a\":" + repeated("[{\"a\":", depth)});
        }
        const std::size_t tooDeep = ConnectJson::kMaxDepth;
        refuse({"{\"a\":" + repeated("[", tooDeep) + repeated("]", tooDeep) + "}"});
    }

    void nestingUpToTheLimitIsIgnoredLikeAnyUnknownValue() {
        ConnectOptions options;
        const std::size_t depth = ConnectJson::kMaxDepth - 1;

        CPPUNIT_ASSERT(options.merge("{\"a\":" + repeated("[", depth) + repeated("]", depth) +
                                     ",\"user\":\"after\"}"));

        CPPUNIT_ASSERT_EQUAL(std::string("after"), options.user);
    }

    void labelHasThePartsThatAreKnown() {  // CP-36, LOG-9, LOG-52
        ConnectOptions options;
        CPPUNIT_ASSERT_EQUAL(std::string(), options.label());

        options.name = "x";
        CPPUNIT_ASSERT_EQUAL(std::string("\"x\""), options.label());

        options.version = "1.1.9";
        options.lang = "go";
        CPPUNIT_ASSERT_EQUAL(std::string("\"v1.1.9:go:x\""), options.label());

        options = {};
        options.version = "1";
        options.name = "a\r\n[INF] \"b\"";
        CPPUNIT_ASSERT_EQUAL(std::string(R"("v1:a\r\n[INF] \"b\"")"), options.label());
    }

private:
    static void refuse(std::initializer_list<std::string_view> texts) {
        for (const std::string_view text : texts) {
            ConnectOptions options = sample();
            const std::string shown(text.substr(0, 80));
            CPPUNIT_ASSERT_MESSAGE("accepted: " + shown, !options.merge(text));
            CPPUNIT_ASSERT_EQUAL_MESSAGE("changed by: " + shown, summary(sample()),
                                         summary(options));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConnectOptionsTest);
