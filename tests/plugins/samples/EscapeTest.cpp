// Names in distinguished names (RFC 4514) and filters (RFC 4515).

#include "plugins/ldap/Escape.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using ldap::escapeForDn;
using ldap::escapeForFilter;

class EscapeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EscapeTest);
    CPPUNIT_TEST(namesStayOneValueOfADn);
    CPPUNIT_TEST(namesStayOneValueOfAFilter);
    CPPUNIT_TEST_SUITE_END();

    void namesStayOneValueOfADn() {
        const struct {
            std::string name;
            std::string wanted;
        } kCases[] = {
            {"alice", "alice"},
            {"", ""},
            {"Smith, John", "Smith\\, John"},
            {"a+b=c", "a\\+b\\=c"},
            {"a,ou=admins", "a\\,ou\\=admins"},
            {"\"quoted\"", "\\\"quoted\\\""},
            {"back\\slash;<tag>", "back\\\\slash\\;\\<tag\\>"},
            {"#hash#", "\\#hash#"},
            {" both ", "\\20both\\20"},
            {" ", "\\20"},
            {std::string("a\0b", 3), "a\\00b"},
            {"line\nbreak", "line\\0abreak"},
            {"M\u00fcller", "M\u00fcller"},
        };
        for (const auto& [name, wanted] : kCases) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, wanted, escapeForDn(name));
        }
    }

    void namesStayOneValueOfAFilter() {
        const struct {
            std::string name;
            std::string wanted;
        } kCases[] = {
            {"alice", "alice"},
            {"*", "\\2a"},
            {"a)(uid=*", "a\\29\\28uid=\\2a"},
            {"a\\b", "a\\5cb"},
            {std::string("a\0b", 3), "a\\00b"},
            {"M\u00fcller", "M\u00fcller"},
        };
        for (const auto& [name, wanted] : kCases) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, wanted, escapeForFilter(name));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EscapeTest);

}  // namespace gnatsd::tests
