// What is hidden in a line that may be broken in any way.

#include "plugins/host/conf/Secrets.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>

using namespace gnatsd::host::conf;

namespace {

std::string hidden(const std::string& line) {
    std::string out;
    std::size_t copied = 0;
    for (const Span& span : secretSpans(line)) {
        CPPUNIT_ASSERT_MESSAGE(line, copied <= span.begin && span.begin < span.end);
        out += line.substr(copied, span.begin - copied) + "#";
        copied = span.end;
    }
    return out + line.substr(copied);
}

void check(const std::map<std::string, std::string>& expected) {
    for (const auto& [line, shown] : expected) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(line, shown, hidden(line));
    }
}

}  // namespace

class SecretsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SecretsTest);
    CPPUNIT_TEST(plainValuesAreHiddenAlone);
    CPPUNIT_TEST(whatIsNotPlainlyOneValueHidesTheRest);
    CPPUNIT_TEST(passwordsInUrlsAreHidden);
    CPPUNIT_TEST(hashesAreHidden);
    CPPUNIT_TEST(harmlessLinesStay);
    CPPUNIT_TEST_SUITE_END();

    void plainValuesAreHiddenAlone() {
        check({{"PASSWORD=x", "PASSWORD=#"},
               {"{\"password\": \"x\", \"user\": 1}", "{\"password\": #, \"user\": 1}"},
               {"'pass' 'x y' ; port: 1", "'pass' # ; port: 1"},
               {"{user: a, pass: b}", "{user: a, pass: #}"},
               {"{user: a, pass: b},", "{user: a, pass: #},"},
               {"auth_token: x, pass: y", "auth_token: #, pass: #"},
               {"m_Secret x", "m_Secret #"},
               {"pass: \"a\\\"b\", x: 1", "pass: #, x: 1"}});
    }

    void whatIsNotPlainlyOneValueHidesTheRest() {
        check({{"pass: a b", "pass: #"},
               {"pass: a,b", "pass: #"},
               {"pass: a,b, x: 1", "pass: #"},
               {"pass: \"a\" b", "pass: #"},
               {"pass: \"a b", "pass: #"},
               {"pass: 'a b", "pass: #"},
               {"pass: #a b", "pass: #"},
               {"pass: a # note", "pass: #"},
               {"passwords: [a, b] x: 1", "passwords: #"},
               {"pass: a]b", "pass: #"}});
    }

    void passwordsInUrlsAreHidden() {
        check({{"[nats://u:p@h:1, nats://x:y@z]", "[nats://u:#@h:1, nats://x:#@z]"},
               {"nats://tok@h:1", "nats://#@h:1"},
               {"nats://u:p@q:r@h:1", "nats://u:#@h:1"},
               {"nats://u:p, q@h:1", "nats://u:#@h:1"},
               {"routes [u:p@h:1]", "routes [u:#@h:1]"}});
    }

    void hashesAreHidden() {
        check({{"H = $2a$11$abc, b", "H = #, b"}, {"H = \"$2y$11$abc\"", "H = \"#\""}});
    }

    void harmlessLinesStay() {
        for (const std::string line :
             {"", "port: 4222", "http: localhost:8222 # x", "password: $NATS_PASS",
              "pass:", "user: derek@example.com", "host: nats://a:1"}) {
            CPPUNIT_ASSERT_EQUAL(line, hidden(line));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SecretsTest);
