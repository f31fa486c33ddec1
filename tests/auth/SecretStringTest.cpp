#include "auth/common/SecretString.h"
#include "tests/auth/AuthRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using auth::common::SecretString;
using namespace std::string_literals;

class SecretStringTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SecretStringTest);
    CPPUNIT_TEST(onlyTheSameTextIsEqual);
    CPPUNIT_TEST(settingsAreReadAsTheyStand);
    CPPUNIT_TEST(wipedTextIsGoneFromItsMemory);
    CPPUNIT_TEST_SUITE_END();

private:
    void onlyTheSameTextIsEqual() {
        for (const std::string& text : {""s, "x"s, "secret"s, "sec\0ret"s, std::string(500, 'y')}) {
            const SecretString secret(text);

            CPPUNIT_ASSERT_EQUAL(text, std::string(secret.text()));
            CPPUNIT_ASSERT_EQUAL(text.empty(), secret.empty());
            CPPUNIT_ASSERT(secret.equals(text));
            CPPUNIT_ASSERT(!secret.equals(text + "x"));
            CPPUNIT_ASSERT(!secret.equals("x" + text));
            if (!text.empty()) {
                CPPUNIT_ASSERT(!secret.equals(""));
                CPPUNIT_ASSERT(!secret.equals(text.substr(1)));
                CPPUNIT_ASSERT(!secret.equals(text.substr(0, text.size() - 1)));
            }
        }
    }

    // getString() would replace the braces.
    void settingsAreReadAsTheyStand() {
        const host::ConfigPtr config = configOf({{"password", "a${user}b"}, {"user", "joe"}});

        CPPUNIT_ASSERT_EQUAL("a${user}b"s,
                             std::string(auth::common::readSecret(*config, "password").text()));
        CPPUNIT_ASSERT(auth::common::readSecret(*config, "token").empty());
    }

    void wipedTextIsGoneFromItsMemory() {
        std::string text(100, 's');
        const char* bytes = text.data();
        const std::size_t capacity = text.capacity();

        auth::common::wipe(text);

        CPPUNIT_ASSERT(text.empty());
        CPPUNIT_ASSERT_EQUAL(capacity, text.capacity());
        for (std::size_t i = 0; i < 100; ++i) {
            CPPUNIT_ASSERT_EQUAL('\0', bytes[i]);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SecretStringTest);

}  // namespace gnatsd::tests
