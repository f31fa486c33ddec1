// Distinguished names as users and certificates write them (AU-71).

#include "auth/userpass/DistinguishedName.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using auth::userpass::comparable;
using auth::userpass::Order;

class DistinguishedNameTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DistinguishedNameTest);
    CPPUNIT_TEST(layoutDoesNotCount);
    CPPUNIT_TEST(orderCountsOrNot);
    CPPUNIT_TEST(escapesArePartOfTheName);
    CPPUNIT_TEST(otherTextsAreNoNames);
    CPPUNIT_TEST_SUITE_END();

    static std::string written(const char* name) { return comparable(name, Order::asWritten); }
    static std::string any(const char* name) { return comparable(name, Order::any); }

    void layoutDoesNotCount() {
        CPPUNIT_ASSERT_EQUAL(written("CN=Erin Smith,OU=Eng"),
                             written(" cn = Erin Smith , ou=Eng "));
        CPPUNIT_ASSERT(written("CN=erin") != written("CN=Erin"));
    }

    void orderCountsOrNot() {
        CPPUNIT_ASSERT(written("CN=erin,O=Acme") != written("O=Acme,CN=erin"));
        CPPUNIT_ASSERT_EQUAL(any("CN=erin,O=Acme"), any("O=Acme,CN=erin"));
        CPPUNIT_ASSERT(any("CN=erin,O=Acme") != any("CN=erin,O=Acme,O=Acme"));
    }

    void escapesArePartOfTheName() {
        CPPUNIT_ASSERT_EQUAL(written("CN=a\\,b"), written("CN=a\\2Cb"));
        CPPUNIT_ASSERT(written("CN=a\\,O=b") != written("CN=a,O=b"));
        CPPUNIT_ASSERT(any("CN=a\\,O=b") != any("CN=a,O=b"));
    }

    void otherTextsAreNoNames() {
        for (const char* text : {"", "erin", "erin@example.com", "=x", "CN=a,b", "CN=a\\"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(), written(text));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DistinguishedNameTest);

}  // namespace gnatsd::tests
